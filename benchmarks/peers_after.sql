-- What is quicker made when the rows are there.

ALTER TABLE observation ADD PRIMARY KEY (line, period);
ALTER TABLE observation ADD FOREIGN KEY (line) REFERENCES line;
ALTER TABLE observation ADD FOREIGN KEY (status) REFERENCES status;
CREATE INDEX ON observation (period);
CREATE INDEX ON line (region);
CREATE INDEX ON line (product);

CREATE FUNCTION monthly_sums(of_indicator text) RETURNS TABLE (region text, period text, total numeric) LANGUAGE sql STABLE AS $$
    SELECT line.region, observation.period, sum(observation.value)
    FROM line JOIN observation ON observation.line = line.id
    WHERE line.indicator = of_indicator
    GROUP BY line.region, observation.period
$$;

ALTER TABLE fact ADD PRIMARY KEY (indicator, region, product, period);
ALTER TABLE fact ADD FOREIGN KEY (indicator) REFERENCES indicator;
ALTER TABLE fact ADD FOREIGN KEY (region) REFERENCES region;
ALTER TABLE fact ADD FOREIGN KEY (product) REFERENCES product;
ALTER TABLE fact ADD FOREIGN KEY (status) REFERENCES status;

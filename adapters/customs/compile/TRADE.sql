-- Microdata to NSO:TRADE: value, net mass and traders by flow, product (HS2, HS6, all), partner (country, world) and month.
--
-- Only goods that crossed the border and that treatment.csv and notes.csv let in. Traders are counted anew in every cell: a trader with
-- two products is one trader of the chapter. A line whose trader is unknown adds to the values and to nobody's count.
WITH newest AS (
    -- An amended declaration replaces the earlier one whole; of equal amendments the later delivery stands.
    SELECT *
    FROM microdata
    QUALIFY rank() OVER (PARTITION BY declaration ORDER BY amendment DESC, delivered_at DESC, delivery DESC) = 1
),
counted AS (
    -- Of a line that is there twice the one further down; where two files have it in the same row the larger, because the same
    -- microdata must always give the same figures.
    SELECT *
    FROM newest
    WHERE treatment = 'include'
    QUALIFY row_number() OVER (
        PARTITION BY declaration, line
        ORDER BY sequence DESC, value_vnd DESC, value_usd DESC, net_mass DESC, usd_rate DESC, flow, of_which, hs6, partner, trader
    ) = 1
),
usd AS (
    -- The customs rate of the month, as it stands on the declarations in US dollars.
    SELECT period, CAST(median(usd_rate) AS DECIMAL(12, 6)) AS rate
    FROM microdata
    WHERE usd_rate > 0
    GROUP BY period
),
numbered AS (
    SELECT trader, row_number() OVER () AS unit FROM (SELECT DISTINCT trader FROM counted WHERE trader IS NOT NULL)
),
lines AS (
    SELECT
        c.period, unnest(CASE WHEN c.of_which IS NULL THEN [c.flow] ELSE [c.flow, c.of_which] END) AS flow,
        c.hs2, c.hs6, c.partner, n.unit, c.value_vnd, c.net_mass,
        -- A rate far from the month's is an error of the rate; the value in dong stands.
        CASE WHEN c.usd_rate BETWEEN 0.9 * usd.rate AND 1.1 * usd.rate THEN c.value_usd
            ELSE in_usd(c.value_vnd, usd.rate) END AS value_usd
    FROM counted AS c
    LEFT JOIN usd USING (period)
    LEFT JOIN numbered AS n USING (trader)
),
cells AS (
    SELECT
        period, flow,
        CASE WHEN grouping(hs6) = 0 THEN hs6 WHEN grouping(hs2) = 0 THEN hs2 ELSE '_T' END AS product,
        CASE WHEN grouping(partner) = 0 THEN partner ELSE 'W1' END AS partner,
        sum(value_vnd) AS value_vnd,
        -- A sum with a part missing would be too small and look complete.
        CASE WHEN count(value_usd) = count(*) THEN sum(value_usd) END AS value_usd,
        sum(net_mass) AS net_mass,
        count(DISTINCT unit) AS traders
    FROM lines
    GROUP BY GROUPING SETS (
        (period, flow, hs6, partner), (period, flow, hs6),
        (period, flow, hs2, partner), (period, flow, hs2),
        (period, flow, partner), (period, flow)
    )
),
observations AS (
    SELECT period, flow, product, partner, traders, unnest([
        {'id': 'NET_MASS', 'value': CAST(net_mass AS VARCHAR), 'unit': 'KGM', 'decimals': '3'},
        {'id': 'TRADERS', 'value': CAST(traders AS VARCHAR), 'unit': 'NUMBER', 'decimals': '0'},
        {'id': 'VALUE_USD', 'value': CAST(value_usd AS VARCHAR), 'unit': 'USD', 'decimals': '2'},
        {'id': 'VALUE_VND', 'value': CAST(value_vnd AS VARCHAR), 'unit': 'VND', 'decimals': '0'}
    ]) AS indicator
    FROM cells
)
SELECT
    'M' AS FREQ,
    flow AS FLOW,
    product AS PRODUCT,
    partner AS PARTNER,
    indicator.id AS INDICATOR,
    strftime(period, '%Y-%m') AS TIME_PERIOD,
    indicator.value AS OBS_VALUE,
    indicator.unit AS UNIT_MEASURE,
    '0' AS UNIT_MULT,
    indicator.decimals AS DECIMALS,
    traders AS CONTRIBUTORS
FROM observations
WHERE indicator.value IS NOT NULL
ORDER BY FLOW, PRODUCT, PARTNER, INDICATOR, TIME_PERIOD

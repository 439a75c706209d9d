-- Observations of NSO:VAT(1.0) from all accepted declarations.
WITH
-- An amended declaration replaces the earlier one as a whole: the highest amendment counts, then the latest received. Of two that
-- even arrived together the larger stands: any fixed choice will do, but the same microdata must always give the same figures.
current_declarations AS (
    SELECT pseudonym, enterprise, frequency, period, date_trunc('quarter', period)::DATE AS quarter,
           province AS place, section, sales_taxable, output_tax, payable
    FROM microdata
    QUALIFY row_number() OVER (
        PARTITION BY pseudonym, form, frequency, period
        ORDER BY version_no DESC, received_on DESC NULLS LAST, delivered_at DESC, delivery DESC, kind,
                 sales_taxable DESC, output_tax DESC, payable DESC, province, section
    ) = 1
),
-- A quarter stands only when it can be whole: somebody declared it as a quarter, or its last month is there.
whole_quarters AS (
    SELECT DISTINCT quarter FROM current_declarations
    WHERE frequency = 'Q' OR period = quarter + INTERVAL 2 MONTH
),
-- Months are what monthly filers declared. Quarters are quarterly filers and the months of monthly filers together; the months
-- of somebody who declared that quarter as a whole as well would count twice and are left out.
contributions AS (
    SELECT 'M' AS FREQ, period AS start, * EXCLUDE (frequency, period, quarter)
    FROM current_declarations WHERE frequency = 'M'
    UNION ALL
    SELECT 'Q', quarter, * EXCLUDE (frequency, period, quarter)
    FROM current_declarations AS d SEMI JOIN whole_quarters USING (quarter)
    WHERE frequency = 'Q'
       OR NOT EXISTS (SELECT 1 FROM current_declarations AS q
                      WHERE q.frequency = 'Q' AND q.quarter = d.quarter AND q.pseudonym = d.pseudonym)
),
-- Every level is counted anew: a declarant present in two provinces is one declarant of the country.
cells AS (
    SELECT FREQ, start,
           coalesce(place, '_T') AS PROVINCE,
           coalesce(section, '_T') AS ACTIVITY,
           count(DISTINCT pseudonym) AS declarants,
           count(DISTINCT enterprise) AS enterprises,
           -- Behind an amount stand those who gave it something: a cell of ten where one trades tells that one's sales.
           sum(sales_taxable) AS sales, count(DISTINCT enterprise) FILTER (sales_taxable <> 0) AS sales_by,
           sum(output_tax) AS output, count(DISTINCT enterprise) FILTER (output_tax <> 0) AS output_by,
           sum(payable) AS payable, count(DISTINCT enterprise) FILTER (payable <> 0) AS payable_by
    FROM contributions
    GROUP BY FREQ, start, GROUPING SETS ((place, section), (place), (section), ())
),
observations AS (
    SELECT FREQ, PROVINCE, ACTIVITY, start, unnest([
        {'indicator': 'DECLARANTS', 'value': declarants::DECIMAL(38, 2), 'unit': 'NUMBER', 'by': enterprises},
        {'indicator': 'TAXABLE_SALES', 'value': sales, 'unit': 'VND', 'by': sales_by},
        {'indicator': 'VAT_OUTPUT', 'value': output, 'unit': 'VND', 'by': output_by},
        {'indicator': 'VAT_PAYABLE', 'value': payable, 'unit': 'VND', 'by': payable_by}
    ]) AS o
    FROM cells
)
SELECT
    FREQ,
    PROVINCE,
    ACTIVITY,
    o.indicator AS INDICATOR,
    CASE FREQ WHEN 'M' THEN strftime(start, '%Y-%m') ELSE year(start) || '-Q' || quarter(start) END AS TIME_PERIOD,
    regexp_replace(o.value::VARCHAR, '\.?0+$', '') AS OBS_VALUE,
    o.unit AS UNIT_MEASURE,
    '0' AS UNIT_MULT,
    '0' AS DECIMALS,
    o.by AS CONTRIBUTORS
FROM observations
ORDER BY FREQ, PROVINCE, ACTIVITY, INDICATOR, start

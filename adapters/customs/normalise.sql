-- Raw text to microdata: one row per line of goods.
--
-- The trader leaves as a keyed hash of the enterprise's tax code, the declaration as a keyed hash of its eleven identifying
-- characters; nothing else here names anybody. Values: IMTS 2010 chapter IV, imports CIF, exports FOB. Partner: chapter VI, imports by
-- country of origin, exports by last known destination.
WITH typed AS (
    SELECT
        _place, declaration, first_declaration, line, type_code, hs, transport_mode, loading, unloading, trader, note,
        export_country, origin, import_country, currency, incoterm, unit, unit2, net_mass_unit, gross_unit,
        registered_on(registered) AS registered_on,
        hs_code(hs) AS commodity,
        amount(line_value) AS line_value,
        amount(customs_value) AS customs_value,
        CASE WHEN currency = 'VND' THEN 1 ELSE dong_rate(exchange_rate) END AS rate,
        -- The line's part of what is declared once for the whole invoice.
        least(CAST(amount(line_value) AS DOUBLE) / nullif(CAST(amount(invoice_total) AS DOUBLE), 0), 1) AS share,
        amount(freight) * CASE freight_currency WHEN 'VND' THEN 1 WHEN currency THEN dong_rate(exchange_rate) END AS freight,
        amount(insurance) * CASE insurance_currency WHEN 'VND' THEN 1 WHEN currency THEN dong_rate(exchange_rate) END AS insurance,
        amount(quantity) AS quantity, amount(quantity2) AS quantity2,
        amount(net_mass) AS net_mass, amount(gross_weight) AS gross_weight
    FROM accepted
),
known AS (
    SELECT
        typed.*,
        t.flow, t.treatment AS by_type, t.mark AS type_mark, n.treatment AS by_note, n.mark AS note_mark,
        CASE WHEN length(commodity) = 8 THEN commodity END AS hs8,
        coalesce(h.id, '999999') AS hs6,
        CASE WHEN t.flow = 'M' THEN o.id ELSE coalesce(u.id, i.id) END AS partner,
        o.id AS origin_id, e.id AS consignment_id,
        -- What the invoice price leaves out of CIF (imports), or holds beyond FOB (exports).
        share * CASE t.flow
            WHEN 'M' THEN coalesce(freight * (1 - CAST(terms.freight_included AS INTEGER)), 0)
                + coalesce(insurance * (1 - CAST(terms.insurance_included AS INTEGER)), 0)
            ELSE -coalesce(freight * CAST(terms.freight_included AS INTEGER), 0)
                - coalesce(insurance * CAST(terms.insurance_included AS INTEGER), 0) END AS charges,
        nullif(net_mass * CAST(mn.kilograms AS DECIMAL(12, 8)), 0) AS declared_kg,
        nullif(coalesce(quantity * CAST(m1.kilograms AS DECIMAL(12, 8)),
            quantity2 * CAST(m2.kilograms AS DECIMAL(12, 8))), 0) AS quantity_kg,
        nullif(gross_weight * CAST(mg.kilograms AS DECIMAL(12, 8)), 0) AS gross_kg
    FROM typed
    JOIN treatment AS t
        ON t.code = type_code AND registered_on >= CAST(t.valid_from AS DATE)
        AND registered_on <= coalesce(TRY_CAST(t.valid_to AS DATE), DATE '9999-12-31')
    LEFT JOIN notes AS n ON CAST(n.code AS VARCHAR) = regexp_extract(note, '#&([1-9])', 1)
    LEFT JOIN incoterms AS terms ON terms.code = incoterm
    LEFT JOIN hs AS h ON h.id = left(commodity, 6) AND length(h.id) = 6
    LEFT JOIN country AS o ON o.id = origin AND length(o.id) = 2 AND o.id <> 'W1'
    LEFT JOIN country AS e ON e.id = export_country AND length(e.id) = 2 AND e.id <> 'W1'
    LEFT JOIN country AS i ON i.id = import_country AND length(i.id) = 2 AND i.id <> 'W1'
    -- A UN/LOCODE begins with its country; a place at home is not a destination.
    LEFT JOIN country AS u ON u.id = left(unloading, 2) AND length(u.id) = 2 AND u.id NOT IN ('W1', 'VN')
    LEFT JOIN mass_units AS mn ON mn.code = coalesce(net_mass_unit, 'KGM')
    LEFT JOIN mass_units AS m1 ON m1.code = unit
    LEFT JOIN mass_units AS m2 ON m2.code = unit2
    LEFT JOIN mass_units AS mg ON mg.code = coalesce(gross_unit, 'KGM')
),
valued AS (
    SELECT
        *,
        CAST(coalesce(
            nullif(customs_value, 0),
            CASE WHEN line_value * rate + charges > 0 AND charges <> 0 THEN CAST(line_value * rate + charges AS DECIMAL(34, 12)) END,
            line_value * rate,
            0) AS DECIMAL(24, 0)) AS value_vnd,
        -- An error is attributed to the quantity, not to the value: an impossible mass is left out, the line stays.
        CASE WHEN declared_kg > 0 AND declared_kg <= coalesce(gross_kg, declared_kg) THEN declared_kg END AS declared,
        CASE WHEN quantity_kg > 0 AND quantity_kg <= coalesce(gross_kg, quantity_kg) THEN quantity_kg END AS by_quantity
    FROM known
)
SELECT
    date_trunc('month', registered_on)::DATE AS period,
    registered_on,
    pseudonym(left(declaration, 11)) AS declaration,
    -- More than fifty lines are split over several declarations that name the first one.
    pseudonym(left(CASE WHEN regexp_full_match(first_declaration, '[0-9]{12}') THEN first_declaration ELSE declaration END, 11))
        AS declaration_group,
    CAST(right(declaration, 1) AS UTINYINT) AS amendment,
    CAST(line AS INTEGER) AS line,
    TRY_CAST(_place AS BIGINT) AS sequence,
    pseudonym(enterprise(trader)) AS trader,
    flow,
    CASE WHEN type_mark IN ('RM', 'RX') THEN type_mark END AS of_which,
    type_code,
    hs8, hs6, left(hs6, 2) AS hs2,
    coalesce(partner, '_X') AS partner,
    coalesce(origin_id, '_X') AS origin,
    coalesce(consignment_id, '_X') AS consignment,
    value_vnd,
    CASE WHEN currency = 'USD' THEN in_usd(value_vnd, rate) END AS value_usd,
    CASE WHEN currency = 'USD' THEN rate END AS usd_rate,
    CAST(coalesce(declared, by_quantity, gross_kg * share) AS DECIMAL(24, 3)) AS net_mass,
    CASE WHEN declared IS NOT NULL THEN 'declared' WHEN by_quantity IS NOT NULL THEN 'quantity'
        WHEN gross_kg * share IS NOT NULL THEN 'gross_share' END AS net_mass_basis,
    coalesce(nullif(type_mark, ''), nullif(note_mark, '')) AS mark,
    CASE WHEN hs6 = '710820' THEN 'monetary_gold'
        WHEN by_type = 'exclude' THEN 'type_code'
        WHEN by_note = 'exclude' THEN 'note'
        WHEN on_spot(transport_mode, loading, unloading, hs) THEN 'on_spot'
        ELSE 'include' END AS treatment
FROM valued

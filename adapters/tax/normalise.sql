-- Accepted raw records to microdata. The tax code leaves as a keyed pseudonym; names and addresses were never read.
WITH
-- Activity codes in the version that figures are published by: read in a version in force in the period, of several in the newest.
activities AS (
    SELECT r.nganh_nghe, r.kieu_ky, r.ky_kkhai,
           max_by({'id': v.in_id, 'parent': v.in_parent}, (in_force(own.valid_from, own.valid_to, r.kieu_ky, r.ky_kkhai), own.valid_from))
               AS published
    FROM (SELECT DISTINCT nganh_nghe, kieu_ky, ky_kkhai FROM accepted) AS r
    JOIN vsic AS v ON names_division(r.nganh_nghe, v.id, v.parent) AND v.in_version = published()
    JOIN vsic AS own ON own.version = v.version AND own.id = v.id AND own.in_version = own.version
    GROUP BY ALL
)
SELECT
    pseudonym(digits(r.mst)) AS pseudonym,
    -- A branch reports under its parent's first ten digits: disclosure control counts enterprises, not branches.
    CASE id_type(r.mst) WHEN 'TAX13' THEN pseudonym(left(digits(r.mst), 10)) ELSE pseudonym(digits(r.mst)) END AS enterprise,
    id_type(r.mst) AS id_type,
    r.ma_tkhai AS form,
    r.pban_tkhai AS form_version,
    CAST(coalesce(r.so_lan, '0') AS INTEGER) AS version_no,
    coalesce(r.loai_tkhai, 'C') AS kind,
    r.kieu_ky AS frequency,
    period_start(r.kieu_ky, r.ky_kkhai) AS period,
    r.ma_tinh AS tax_province,
    -- Tax catalogue -> the 63 provinces -> the 34, each step through its own versioned correspondence: seven codes were reused.
    coalesce(t.target, '_X') AS province_63,
    coalesce(p.target, '_X') AS province,
    -- Some codes are published by section only: there parts of several divisions of one section are one division now.
    CASE WHEN regexp_full_match(a.published.id, '[0-9]+') THEN a.published.id ELSE '_X' END AS division,
    coalesce(CASE WHEN regexp_full_match(a.published.id, '[0-9]+') THEN a.published.parent ELSE a.published.id END, '_X') AS section,
    is_true(r.ct21) AS no_transactions,
    amount(r.ct22) AS credit_in,
    amount(r.ct23) AS purchases,
    amount(r.ct24) AS input_tax,
    amount(r.ct23a) AS purchases_imported,
    amount(r.ct24a) AS input_tax_imported,
    amount(r.ct25) AS input_tax_deducted,
    amount(r.ct26) AS sales_untaxed,
    amount(r.ct27) AS sales_taxable,
    amount(r.ct28) AS output_tax,
    amount(r.ct29) AS sales_0,
    amount(r.ct30) AS sales_5,
    amount(r.ct31) AS tax_5,
    amount(r.ct32) AS sales_10,
    amount(r.ct33) AS tax_10,
    amount(r.ct32a) AS sales_not_computed,
    amount(r.ct37) AS adjusted_down,
    amount(r.ct38) AS adjusted_up,
    amount(r.ct40) AS payable,
    amount(r.ct41) AS credit,
    amount(r.ct42) AS refund_claimed,
    amount(r.ct43) AS credit_out,
    as_day(r.ngay_lap) AS declared_on,
    coalesce(as_day(r.ngay_nop), as_day(r.ngay_lap)) AS received_on,
    coalesce(r.tong_hop = '1', false) AS synthetic
FROM accepted AS r
LEFT JOIN tax_to_province AS t ON t.source = r.ma_tinh
LEFT JOIN province_63_to_34 AS p ON p.source = t.target
LEFT JOIN activities AS a USING (nganh_nghe, kieu_ky, ky_kkhai)

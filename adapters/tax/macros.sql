-- The words that rules.yml and normalise.sql are written in.

-- A tax code without blanks and dash.
CREATE OR REPLACE MACRO digits(mst) AS replace(replace(mst, '-', ''), ' ', '');

-- Check digit of the first ten digits: 10 less the weighted sum modulo 11. Remainder 0 would need the digit "10", which no
-- one-digit check can be, so such serials are never issued and fail here without a case of their own.
CREATE OR REPLACE MACRO check_digit_right(d) AS
    10 - (31 * (ord(d[1]) - 48) + 29 * (ord(d[2]) - 48) + 23 * (ord(d[3]) - 48) + 19 * (ord(d[4]) - 48)
        + 17 * (ord(d[5]) - 48) + 13 * (ord(d[6]) - 48) + 7 * (ord(d[7]) - 48) + 5 * (ord(d[8]) - 48)
        + 3 * (ord(d[9]) - 48)) % 11 = ord(d[10]) - 48;

-- TAX10 an enterprise, TAX13 a branch of one, PERSON12 a citizen's number (tax code of persons from 2025-07-01); else NULL.
CREATE OR REPLACE MACRO id_type(mst) AS CASE
    WHEN regexp_full_match(digits(mst), '[0-9]{10}') THEN 'TAX10'
    WHEN regexp_full_match(digits(mst), '[0-9]{10}(00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})') THEN 'TAX13'
    WHEN regexp_full_match(digits(mst), '0[0-9]{11}') THEN 'PERSON12'
END;

-- Amounts in dong. Absent is zero; what is not a number is NULL, so that only the rule about numbers speaks of it. Wider than
-- any amount, so that sums and shares of amounts cannot overflow.
CREATE OR REPLACE MACRO is_dong(x) AS regexp_full_match(x, '-?[0-9]{1,16}(\.[0-9]{1,2}0*)?');
CREATE OR REPLACE MACRO dong(x) AS CASE WHEN x IS NULL THEN 0::DECIMAL(24, 2) WHEN is_dong(x) THEN try_cast(x AS DECIMAL(24, 2)) END;
CREATE OR REPLACE MACRO amount(x) AS CAST(dong(x) AS DECIMAL(18, 2));

-- The positive part; NULL stays NULL, which greatest() would drop.
CREATE OR REPLACE MACRO positive(x) AS CASE WHEN x > 0 THEN x WHEN x <= 0 THEN 0 END;

-- Two sums of rounded dong: software rounds each line, so a few dong apart is the same figure.
CREATE OR REPLACE MACRO differ(a, b) AS abs(a - b) > 10;

CREATE OR REPLACE MACRO is_true(x) AS coalesce(lower(x) IN ('true', '1', 'x'), false);

CREATE OR REPLACE MACRO as_day(x) AS
    CAST(try_strptime(x, ['%d/%m/%Y', '%Y-%m-%d', '%d/%m/%Y %H:%M:%S', '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S']) AS DATE);

-- First day of the period. Month and quarter look alike (3/2025): only kieu_ky tells them apart.
CREATE OR REPLACE MACRO period_start(kieu_ky, ky) AS CASE
    WHEN kieu_ky = 'M' AND regexp_full_match(ky, '(0?[1-9]|1[0-2])/20[0-9]{2}')
        THEN make_date(right(ky, 4)::BIGINT, split_part(ky, '/', 1)::BIGINT, 1)
    WHEN kieu_ky = 'Q' AND regexp_full_match(ky, '0?[1-4]/20[0-9]{2}')
        THEN make_date(right(ky, 4)::BIGINT, split_part(ky, '/', 1)::BIGINT * 3 - 2, 1)
END;
CREATE OR REPLACE MACRO period_end(kieu_ky, ky) AS
    CAST(period_start(kieu_ky, ky) + CASE kieu_ky WHEN 'M' THEN INTERVAL 1 MONTH ELSE INTERVAL 3 MONTH END - INTERVAL 1 DAY AS DATE);

-- The 2-digit VSIC division inside an activity code (4669, G4669, 46.69); NULL where there is none.
CREATE OR REPLACE MACRO division(x) AS nullif(regexp_extract(x, '^[A-Va-v]?\.?([0-9]{2})', 1), '');

-- Whether an activity code is the division id, which stands under the section parent: a letter, where there is one, must be that
-- section's. From J on the letter tells the versions of VSIC apart.
CREATE OR REPLACE MACRO names_division(x, id, parent) AS
    id = division(x) AND coalesce(nullif(upper(regexp_extract(x, '^[A-Va-v]')), ''), parent) = parent;

-- Whether a code may be used on any day of the period.
CREATE OR REPLACE MACRO in_force(valid_from, valid_to, kieu_ky, ky) AS
    coalesce(valid_from <= period_end(kieu_ky, ky), true) AND coalesce(valid_to >= period_start(kieu_ky, ky), true);

-- The version of VSIC that figures are published by.
CREATE OR REPLACE MACRO published() AS 'NSO:CL_VSIC(1.0)';

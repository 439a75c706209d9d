-- Words that rules.yml, normalise.sql and compile/TRADE.sql share.

-- An amount or a quantity: six decimals, below 10^14. NULL where the text is no number.
CREATE OR REPLACE MACRO amount(t) AS TRY_CAST(t AS DECIMAL(20, 6));

-- Dong for one unit of a foreign currency; NULL where it is no number above zero.
CREATE OR REPLACE MACRO dong_rate(t) AS CASE WHEN TRY_CAST(t AS DECIMAL(12, 6)) > 0 THEN TRY_CAST(t AS DECIMAL(12, 6)) END;

-- Whether a field is filled but is no number, or a negative one.
CREATE OR REPLACE MACRO bad_amount(t) AS t IS NOT NULL AND coalesce(amount(t) < 0, true);

-- 2025-03-31 or 31/03/2025, with or without a time behind it.
CREATE OR REPLACE MACRO registered_on(t) AS
    CAST(try_strptime(split_part(replace(t, 'T', ' '), ' ', 1), ['%Y-%m-%d', '%d/%m/%Y']) AS DATE);

-- The digits of a commodity code; dots are how it is printed.
CREATE OR REPLACE MACRO hs_digits(t) AS replace(t, '.', '');

-- With the leading zero a spreadsheet took away: codes have an even number of digits.
CREATE OR REPLACE MACRO hs_code(t) AS
    CASE WHEN length(hs_digits(t)) IN (5, 7) THEN '0' || hs_digits(t) ELSE hs_digits(t) END;

-- A tax code without its marks, with the leading zero a spreadsheet took away.
CREATE OR REPLACE MACRO tax_digits(t) AS
    CASE WHEN length(replace(t, '-', '')) IN (9, 12) AND NOT starts_with(t, '0')
        THEN '0' || replace(t, '-', '') ELSE replace(t, '-', '') END;

-- Weights 31, 29, 23, 19, 17, 13, 7, 5, 3; the tenth digit is 10 - (sum mod 11). A sum divisible by 11 is never issued.
CREATE OR REPLACE MACRO tax_check_holds(d) AS
    (31 * (ascii(d[1]) - 48) + 29 * (ascii(d[2]) - 48) + 23 * (ascii(d[3]) - 48)
    + 19 * (ascii(d[4]) - 48) + 17 * (ascii(d[5]) - 48) + 13 * (ascii(d[6]) - 48)
    + 7 * (ascii(d[7]) - 48) + 5 * (ascii(d[8]) - 48) + 3 * (ascii(d[9]) - 48)) % 11 + (ascii(d[10]) - 48) = 10;

-- The enterprise behind a tax code: ten digits (a branch counts with its parent), or the personal number of twelve digits.
-- NULL where the code cannot be right: an unknown trader must not pass for one more contributor to a cell.
CREATE OR REPLACE MACRO enterprise(t) AS
    CASE WHEN NOT regexp_full_match(tax_digits(t), '[0-9]{10}([0-9]{2,3})?') THEN NULL
        WHEN length(tax_digits(t)) = 12 THEN tax_digits(t)
        WHEN tax_check_holds(tax_digits(t)) THEN left(tax_digits(t), 10) END;

-- VNZZZ: delivered on the spot; ZZZZZ: to or from a bonded warehouse.
CREATE OR REPLACE MACRO on_spot_place(t) AS coalesce(t IN ('VNZZZ', 'ZZZZZ'), false);

-- No border was crossed. Electricity (2716) is declared with mode 9 too, and does cross.
CREATE OR REPLACE MACRO on_spot(mode, loading, unloading, hs) AS
    on_spot_place(loading) OR on_spot_place(unloading)
    OR (coalesce(mode = '9', false) AND NOT coalesce(starts_with(hs_code(hs), '2716'), false));

-- Whole dong as dollars and cents, rounded half up, in whole numbers: a division through floating point would not be exact.
CREATE OR REPLACE MACRO in_usd(dong, rate) AS
    TRY_CAST((CAST(dong AS HUGEINT) * 200000000 + CAST(rate * 1000000 AS HUGEINT))
        // (2 * nullif(CAST(rate * 1000000 AS HUGEINT), 0)) AS DECIMAL(22, 0)) * CAST(0.01 AS DECIMAL(3, 2));

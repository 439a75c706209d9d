-- The same tables in SQLite.

CREATE TABLE indicator (id TEXT PRIMARY KEY, name_vi TEXT NOT NULL, name_en TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE region    (id TEXT PRIMARY KEY, name_vi TEXT NOT NULL, name_en TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE product   (id TEXT PRIMARY KEY, name_vi TEXT NOT NULL, name_en TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE status    (id TEXT PRIMARY KEY, name_vi TEXT NOT NULL, name_en TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE trade_line (
    id         INTEGER PRIMARY KEY,
    freq       TEXT NOT NULL,
    indicator  TEXT NOT NULL REFERENCES indicator (id),
    region     TEXT NOT NULL REFERENCES region (id),
    product    TEXT NOT NULL REFERENCES product (id),
    unit       TEXT NOT NULL,
    multiplier TEXT NOT NULL,
    UNIQUE (indicator, region, product)
);

CREATE TABLE observation (
    line   INTEGER NOT NULL REFERENCES trade_line (id),
    period TEXT NOT NULL,
    value  REAL,
    status TEXT NOT NULL, -- no reference: its plugin would look up the status of every row by a query of its own
    PRIMARY KEY (line, period)
) WITHOUT ROWID;

-- The country as somebody would keep it in PostgreSQL who does not have this hub: tables, keys, and one function.

CREATE TABLE indicator (id text COLLATE "C" PRIMARY KEY, name_vi text NOT NULL, name_en text NOT NULL);
CREATE TABLE region    (id text COLLATE "C" PRIMARY KEY, name_vi text NOT NULL, name_en text NOT NULL);
CREATE TABLE product   (id text COLLATE "C" PRIMARY KEY, name_vi text NOT NULL, name_en text NOT NULL);
CREATE TABLE status    (id text COLLATE "C" PRIMARY KEY, name_vi text NOT NULL, name_en text NOT NULL);

CREATE TABLE trade_line (
    id         integer PRIMARY KEY,
    freq       text COLLATE "C" NOT NULL,
    indicator  text COLLATE "C" NOT NULL REFERENCES indicator,
    region     text COLLATE "C" NOT NULL REFERENCES region,
    product    text COLLATE "C" NOT NULL REFERENCES product,
    unit       text COLLATE "C" NOT NULL,
    multiplier text COLLATE "C" NOT NULL,
    UNIQUE (indicator, region, product)
);

CREATE TABLE observation (
    line   integer NOT NULL,
    period text COLLATE "C" NOT NULL,
    value  numeric,
    status text COLLATE "C" NOT NULL
);

-- The other way people keep such data: one wide table, a row for each observation, with references to the labels.

CREATE TABLE fact (
    indicator text COLLATE "C" NOT NULL,
    region    text COLLATE "C" NOT NULL,
    product   text COLLATE "C" NOT NULL,
    period    text COLLATE "C" NOT NULL,
    value     numeric,
    status    text COLLATE "C" NOT NULL
);

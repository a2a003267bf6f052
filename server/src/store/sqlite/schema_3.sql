-- What entries of other ledgers than the households' are found by: their own words, and those of the entry that they
-- belong to, a household, or a person of one.
CREATE TABLE found (
    id BLOB PRIMARY KEY,
    area INTEGER NOT NULL,
    above BLOB,
    search TEXT NOT NULL
) WITHOUT ROWID;

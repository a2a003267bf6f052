-- What waits for a decision: fields in conflict, as before, proposals, entries that the office has to confirm, and values
-- from before that nobody may write.
CREATE TABLE decision (
    kind TEXT NOT NULL,
    area INTEGER NOT NULL,
    entity BLOB NOT NULL,
    field TEXT NOT NULL,
    ledger TEXT NOT NULL,
    PRIMARY KEY (kind, area, entity, field)
) WITHOUT ROWID;
INSERT INTO decision (kind, area, entity, field, ledger) SELECT 'conflict', area, entity, field, ledger FROM conflict;
DROP TABLE conflict;
-- The ledger and code of entries that are found, so that two with the same code are.
ALTER TABLE found ADD COLUMN ledger TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE found ADD COLUMN code TEXT NOT NULL DEFAULT '';
CREATE INDEX found_by_code ON found (area, code) WHERE code <> '';
-- Those named as companions of a record who said that they went along, 16 bytes each.
ALTER TABLE record ADD COLUMN accompanied BLOB;

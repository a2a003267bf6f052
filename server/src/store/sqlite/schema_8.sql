-- What waits for a decision: fields in conflict, as before, proposals, and entries that the office has to confirm.
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

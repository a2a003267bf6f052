-- Where and when the author of a record was, for the records next to it in that person's time. Records that were merged
-- before this have none: they keep the grade that they had.
ALTER TABLE record ADD COLUMN trace_at_ms INTEGER;
ALTER TABLE record ADD COLUMN trace TEXT;
CREATE INDEX record_by_author ON record (author, trace_at_ms, id) WHERE trace_at_ms IS NOT NULL;
-- A moment that has passed, by the centre's clock: the latest stamp in the device's chain, no later than that came.
ALTER TABLE device ADD COLUMN passed_ms INTEGER;

-- The last operation that a former life of the centre had acknowledged, as the device says.
ALTER TABLE device ADD COLUMN acknowledged_seq INTEGER NOT NULL DEFAULT 0;
-- Where an entry's point stood before a person began to move it, as JSON. `rectifier` holds all who rectified a problem
-- now, 16 bytes each.
ALTER TABLE entry ADD COLUMN moved_from TEXT;

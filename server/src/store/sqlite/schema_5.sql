-- Accounts that have a photograph as well which another one brought first. The first stands with the photograph.
CREATE TABLE photo_brought (
    photo BLOB NOT NULL,
    account BLOB NOT NULL,
    PRIMARY KEY (photo, account)
) WITHOUT ROWID;
-- The earliest merged operation that names a photograph.
CREATE TABLE photo_first (photo BLOB PRIMARY KEY, device BLOB NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;
-- When operations were merged was not noted before; the time of receipt comes nearest.
INSERT OR IGNORE INTO photo_first (photo, device, seq)
SELECT photo_use.photo, photo_use.device, photo_use.seq
FROM photo_use
JOIN device ON device.id = photo_use.device
JOIN chain ON chain.id = (device.key << 40) | photo_use.seq
WHERE chain.log IS NOT NULL
ORDER BY photo_use.photo, chain.received_at_ms, chain.log;

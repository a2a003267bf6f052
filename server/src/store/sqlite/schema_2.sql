-- Photographs that are held. Their bytes lie in files. seen: 0 not looked at, 1 looked at; what cannot be decoded has
-- no likeness. missing: the bytes were not there, or others, when they were last read.
CREATE TABLE photo (
    id BLOB PRIMARY KEY,
    bytes INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    uploader BLOB NOT NULL,
    seen INTEGER NOT NULL DEFAULT 0,
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0,
    likeness TEXT,
    missing INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX photo_to_examine ON photo (received_at_ms, id) WHERE seen = 0 AND missing = 0;
-- Which operations name a photograph, merged or set aside; record is that of an operation that makes one.
CREATE TABLE photo_use (
    photo BLOB NOT NULL,
    device BLOB NOT NULL,
    seq INTEGER NOT NULL,
    area INTEGER NOT NULL,
    record BLOB,
    PRIMARY KEY (photo, device, seq)
) WITHOUT ROWID;
-- Photographs that look alike, each pair both ways.
CREATE TABLE photo_alike (
    photo BLOB NOT NULL,
    other BLOB NOT NULL,
    distance INTEGER NOT NULL,
    PRIMARY KEY (photo, other)
) WITHOUT ROWID;
-- Photographs of which something new is known that records are to be assessed by.
CREATE TABLE photo_due (photo BLOB PRIMARY KEY, turn INTEGER NOT NULL) WITHOUT ROWID;
-- Uploads of photographs. How far one has come is told by its file alone.
CREATE TABLE upload (
    id BLOB PRIMARY KEY,
    photo BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    account BLOB NOT NULL,
    device BLOB NOT NULL,
    metadata TEXT NOT NULL,
    began_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    done INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX upload_by_expiry ON upload (expires_at_ms);
CREATE INDEX upload_by_device ON upload (device, photo);
CREATE INDEX upload_by_account ON upload (account, began_at_ms, id) WHERE done = 1;
CREATE INDEX upload_open ON upload (account, bytes) WHERE done = 0;
-- What a record with photographs was weighed by beside itself, since its photographs may tell more later.
ALTER TABLE record ADD COLUMN circumstances TEXT;

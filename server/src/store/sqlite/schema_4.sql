-- Photographs that no operation named for long, and since when they are held no more. Their bytes lie in a folder of their
-- own, until they are removed or brought back.
CREATE TABLE photo_let_go (id BLOB PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID;

//! The tables of a spool; see `store/schema.rs` for how they are brought up to date.

use crate::store::schema::Step;

pub(super) const STEPS: &[Step] =
    &[Step { sql: STEP_1, refolds: false }, Step { sql: STEP_2, refolds: false }];

const STEP_2: &str = "
-- What proves that the bytes were here once; written as they are let go.
ALTER TABLE photos ADD COLUMN proof TEXT;
";

const STEP_1: &str = "
-- Small facts by name, as JSON.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Pictures kept here, and those that own operations name. `named`: an operation names it, so it is to be sent. `here`:
-- its bytes are in `pictures`. `held_at_ms`: when the centre said that it has it. `url` and `sent`: the upload under
-- way and how much of it the centre has. `attempts`: how often it did not go on; `spoilt`: how often it arrived as
-- other bytes. `trouble`: why it cannot be sent, as JSON. `unnamed_ms`: for how long nothing has named it, neither an
-- operation nor a form in hand; NULL where that was not seen yet.
CREATE TABLE photos (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 BLOB NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    likeness TEXT NOT NULL,
    subject BLOB,
    at_ms INTEGER NOT NULL,
    here INTEGER NOT NULL,
    named INTEGER NOT NULL DEFAULT 0,
    held_at_ms INTEGER,
    url TEXT,
    sent INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    spoilt INTEGER NOT NULL DEFAULT 0,
    trouble TEXT,
    unnamed_ms INTEGER
);
CREATE INDEX photos_to_send ON photos (attempts, no)
    WHERE named = 1 AND here = 1 AND held_at_ms IS NULL AND trouble IS NULL;
CREATE INDEX photos_unheld ON photos (no) WHERE named = 1 AND held_at_ms IS NULL;
CREATE INDEX photos_to_let_go ON photos (held_at_ms) WHERE here = 1 AND held_at_ms IS NOT NULL;
CREATE INDEX photos_unnamed ON photos (no) WHERE named = 0;

-- Apart, so that going through rows does not go through bytes.
CREATE TABLE pictures (no INTEGER PRIMARY KEY, jpeg BLOB NOT NULL);
CREATE TABLE thumbnails (no INTEGER PRIMARY KEY, jpeg BLOB NOT NULL);
";

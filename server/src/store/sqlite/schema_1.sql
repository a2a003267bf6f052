-- Things known by a name: the epoch, where the data came from.
CREATE TABLE note (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;

-- People and what they may reach.
CREATE TABLE area (code INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE account (
    id BLOB PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    created_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE granted (account BLOB NOT NULL, area INTEGER NOT NULL, PRIMARY KEY (account, area)) WITHOUT ROWID;
CREATE TABLE sign_in (
    token_hash BLOB PRIMARY KEY,
    account BLOB NOT NULL,
    device BLOB NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    -- The sign-in that ends with the first use of this one.
    replaces BLOB
) WITHOUT ROWID;
CREATE INDEX sign_in_by_account ON sign_in (account);
CREATE INDEX sign_in_by_device ON sign_in (device);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    actor BLOB,
    action TEXT NOT NULL,
    about TEXT NOT NULL
);

-- Devices and their chains.
CREATE TABLE device (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    account BLOB NOT NULL,
    public_key BLOB NOT NULL,
    label TEXT NOT NULL,
    enrolled_at_ms INTEGER NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0,
    clock_offset_ms INTEGER,
    last_seq INTEGER NOT NULL DEFAULT 0,
    head BLOB NOT NULL,
    last_trace TEXT
);
-- id = device key << 40 | place in its chain. outcome: 0 merged, 1 merged with conflict, 2 set aside.
CREATE TABLE chain (
    id INTEGER PRIMARY KEY,
    outcome INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    log INTEGER,
    head BLOB NOT NULL
);

-- Scopes and their logs. log.id = scope key << 40 | place in its log.
CREATE TABLE scope (key INTEGER PRIMARY KEY, area INTEGER NOT NULL UNIQUE, seq INTEGER NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    received_at_ms INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    raw TEXT NOT NULL
);
-- Which operations changed an entry; which are, follow from, or are about a record.
CREATE TABLE changed (entity BLOB NOT NULL, log INTEGER NOT NULL, PRIMARY KEY (entity, log)) WITHOUT ROWID;
CREATE TABLE caused (record BLOB NOT NULL, log INTEGER NOT NULL, PRIMARY KEY (record, log)) WITHOUT ROWID;

-- Operations set aside, by their row in the chain.
CREATE TABLE aside (
    id INTEGER PRIMARY KEY,
    device BLOB NOT NULL,
    seq INTEGER NOT NULL,
    sender BLOB NOT NULL,
    area INTEGER,
    received_at_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    awaited BLOB,
    raw TEXT NOT NULL
);
CREATE UNIQUE INDEX aside_by_name ON aside (device, seq);
CREATE INDEX aside_by_awaited ON aside (awaited, device, seq);

-- The ledgers, folded from the log. state is the entry as JSON.
CREATE TABLE entry (
    id BLOB PRIMARY KEY,
    area INTEGER NOT NULL,
    rectifier BLOB,
    state TEXT NOT NULL
);
CREATE INDEX entry_by_area ON entry (area);
CREATE TABLE household (
    id BLOB PRIMARY KEY,
    area INTEGER NOT NULL,
    sort TEXT NOT NULL,
    search TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX household_by_sort ON household (area, sort, id);
CREATE TABLE conflict (
    area INTEGER NOT NULL,
    entity BLOB NOT NULL,
    field TEXT NOT NULL,
    ledger TEXT NOT NULL,
    PRIMARY KEY (area, entity, field)
) WITHOUT ROWID;
CREATE TABLE record (
    id BLOB PRIMARY KEY,
    device BLOB NOT NULL,
    seq INTEGER NOT NULL,
    area INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    author BLOB NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    grade TEXT NOT NULL,
    evidence TEXT NOT NULL,
    anchor TEXT,
    review TEXT NOT NULL,
    retracted INTEGER NOT NULL
);
CREATE INDEX record_by_end ON record (kind, ended_at_ms, id);
CREATE INDEX record_by_subject ON record (subject, ended_at_ms);

//! The tables of a profile and how older ones are brought up to date: numbered steps, each in one transaction.
//! A step is never changed once released; a test holds that an upgraded database equals a fresh one.

use super::{StoreError, fold, sql};
use rusqlite::{Connection, TransactionBehavior};

/// One step from a version to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// What changes in the tables.
    pub(super) sql: &'static str,
    /// Whether rows are folded from the operations anew afterwards, in the same transaction.
    pub(super) refolds: bool,
}

/// The steps in order. `user_version` is how many of them a database has had.
pub(super) const STEPS: &[Step] =
    &[Step { sql: STEP_1, refolds: false }, Step { sql: STEP_2, refolds: true }];

const STEP_1: &str = "
-- Small facts by name, as JSON: the session, the token, the epoch, clocks, choices of the person.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Devices get small numbers here: operations name them by the hundred thousand. `own` marks this installation's
-- present and former chains.
CREATE TABLE devices (
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    own INTEGER NOT NULL DEFAULT 0
);

-- The chain that this installation writes now. One row.
CREATE TABLE chain (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    device_no INTEGER NOT NULL REFERENCES devices (no),
    key_seed BLOB NOT NULL,
    enrolled INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    head BLOB NOT NULL,
    acked INTEGER NOT NULL,
    hlc INTEGER NOT NULL
);

-- Every operation known here, byte for byte. Ledgers are folded from those with folds = 1; the others are set aside
-- at the centre or belong to a village that was taken from this person.
CREATE TABLE ops (
    device_no INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    scope INTEGER NOT NULL,
    kind TEXT NOT NULL,
    entity BLOB,
    observation BLOB,
    folds INTEGER NOT NULL DEFAULT 1,
    received_at_ms INTEGER,
    place INTEGER,
    life INTEGER,
    raw TEXT NOT NULL,
    PRIMARY KEY (device_no, seq)
) WITHOUT ROWID;
CREATE INDEX ops_entity ON ops (entity) WHERE entity IS NOT NULL;
CREATE INDEX ops_observation ON ops (observation) WHERE observation IS NOT NULL;
CREATE INDEX ops_place ON ops (scope, place) WHERE place IS NOT NULL;

-- What this installation's chains have written: the head after each operation, and what the centre made of it.
CREATE TABLE own (
    device_no INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    head BLOB NOT NULL,
    conflict INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    PRIMARY KEY (device_no, seq)
) WITHOUT ROWID;
CREATE INDEX own_set_aside ON own (seq) WHERE reason IS NOT NULL;

-- Operations that were written again under a new chain, as they were. Never read by the app; kept.
CREATE TABLE former_ops (
    device BLOB NOT NULL,
    seq INTEGER NOT NULL,
    raw TEXT NOT NULL,
    again_as INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (device, seq)
) WITHOUT ROWID;

-- What a newer centre sent and this version cannot read at all.
CREATE TABLE unread (
    scope INTEGER NOT NULL,
    place INTEGER NOT NULL,
    raw TEXT NOT NULL,
    PRIMARY KEY (scope, place)
) WITHOUT ROWID;

-- How far each village's log has been fetched. `life` counts how often it was begun anew.
CREATE TABLE scopes (
    scope INTEGER PRIMARY KEY,
    next INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    head INTEGER NOT NULL,
    life INTEGER NOT NULL,
    catching_up INTEGER NOT NULL
);

-- The rows of the lists, folded from ops.
CREATE TABLE entries (
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    ledger TEXT,
    scope INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    categories TEXT NOT NULL,
    colour TEXT,
    lat REAL,
    lon REAL,
    accuracy_m REAL,
    cadre BLOB,
    family_doctor BLOB,
    parent BLOB,
    open INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    last_visit_ms INTEGER,
    tokens TEXT NOT NULL
);
CREATE INDEX entries_households ON entries (scope, code) WHERE ledger = 'household';
CREATE INDEX entries_scope ON entries (scope);
CREATE INDEX entries_parent ON entries (parent) WHERE parent IS NOT NULL;
CREATE INDEX entries_cadre ON entries (cadre, last_visit_ms) WHERE cadre IS NOT NULL;
CREATE INDEX entries_doctor ON entries (family_doctor, last_visit_ms) WHERE family_doctor IS NOT NULL;
CREATE INDEX entries_conflicts ON entries (conflicts) WHERE conflicts > 0;

-- The search index, by entries.no.
CREATE VIRTUAL TABLE search USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3', tokenize = 'unicode61'
);
-- How many bytes it gathers before it writes them: a page of a first synchronisation at once.
INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);

-- The records made in the field, derived from ops.
CREATE TABLE records (
    id BLOB PRIMARY KEY,
    device_no INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    own INTEGER NOT NULL,
    mine INTEGER NOT NULL,
    scope INTEGER NOT NULL,
    subject BLOB NOT NULL,
    author BLOB NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    ended_at_ms INTEGER NOT NULL,
    grade TEXT NOT NULL,
    evidence TEXT,
    place TEXT NOT NULL,
    state TEXT NOT NULL,
    conflict INTEGER NOT NULL,
    only_here INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX records_subject ON records (subject, ended_at_ms);
CREATE INDEX records_own ON records (ended_at_ms) WHERE own = 1;
CREATE INDEX records_only_here ON records (only_here) WHERE only_here = 1;
CREATE INDEX records_author ON records (author, ended_at_ms);
CREATE INDEX records_sent_back ON records (author) WHERE state = 'sent_back';

-- Forms begun and not saved.
CREATE TABLE drafts (
    household BLOB PRIMARY KEY,
    draft TEXT NOT NULL,
    touched_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
";

// All ledgers, all kinds of record, photographs: the first version knew households and visits only.
const STEP_2: &str = "
CREATE TABLE drafts_2 (
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    draft TEXT NOT NULL,
    touched_at_ms INTEGER NOT NULL,
    PRIMARY KEY (kind, subject)
) WITHOUT ROWID;
INSERT INTO drafts_2 SELECT 'visit', household, draft, touched_at_ms FROM drafts;
DROP TABLE drafts;
ALTER TABLE drafts_2 RENAME TO drafts;

-- What a row takes over from the entry it belongs to stands in the row, so that lists need no second look:
-- `household` is the household at the end of that chain. A household names its supply.
ALTER TABLE entries ADD COLUMN household BLOB;
ALTER TABLE entries ADD COLUMN supply BLOB;
-- How it stands: a house's grade, a problem's state, a supply's latest result.
ALTER TABLE entries ADD COLUMN standing TEXT;
ALTER TABLE entries ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN due_on TEXT;
ALTER TABLE entries ADD COLUMN responsible BLOB;
-- The fields that lists show and filter by, as JSON; none for households and persons.
ALTER TABLE entries ADD COLUMN shown TEXT;
ALTER TABLE entries ADD COLUMN last_record_ms INTEGER;
CREATE INDEX entries_houses ON entries (scope, code) WHERE ledger = 'house';
CREATE INDEX entries_grades ON entries (standing, scope, code) WHERE ledger = 'house';
CREATE INDEX entries_supplies ON entries (scope, code) WHERE ledger = 'water_supply';
CREATE INDEX entries_posts ON entries (scope, code) WHERE ledger = 'post';
CREATE INDEX entries_issues ON entries (open DESC, urgent DESC, due_on) WHERE ledger = 'issue';
CREATE INDEX entries_responsible ON entries (responsible) WHERE responsible IS NOT NULL;
CREATE INDEX entries_served ON entries (supply) WHERE supply IS NOT NULL;

-- Of attendances, whether somebody went and looked.
ALTER TABLE records ADD COLUMN face_check INTEGER NOT NULL DEFAULT 0;
CREATE INDEX records_kind ON records (subject, kind, ended_at_ms);
CREATE INDEX records_attendances ON records (ended_at_ms) WHERE kind = 'attendance';

-- The photographs that operations name, derived from ops. `owner` is the record; for a problem and its steps the
-- problem. `spooled`: the spool of pictures has been told that this installation has to send it.
CREATE TABLE photos (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    owner BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    own INTEGER NOT NULL,
    subject BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    likeness TEXT NOT NULL,
    spooled INTEGER NOT NULL DEFAULT 0,
    UNIQUE (owner, sha256)
);
CREATE INDEX photos_named ON photos (sha256);
CREATE INDEX photos_to_spool ON photos (no) WHERE own = 1 AND spooled = 0;
";

/// Why a database cannot be used by this version.
#[derive(Debug, thiserror::Error)]
pub(super) enum UpgradeError {
    /// It was written by a newer version of the app.
    #[error("the data on this device were written by a newer version ({found}; this one knows {known})")]
    Newer {
        /// Its number.
        found: usize,
        /// The newest number known here.
        known: usize,
    },
    /// The database said no, or holds what cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for UpgradeError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Brings a database up to date, or makes a new one.
pub(super) fn upgrade(conn: &mut Connection, steps: &[Step]) -> Result<(), UpgradeError> {
    let had = usize::try_from(sql::number(conn, "PRAGMA user_version", [])?).unwrap_or(usize::MAX);
    if had > steps.len() {
        return Err(UpgradeError::Newer { found: had, known: steps.len() });
    }
    for (number, step) in steps.iter().enumerate().skip(had) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        super::faults::strike()?;
        tx.execute_batch(step.sql)?;
        if step.refolds {
            fold::again(&tx)?;
        }
        tx.pragma_update(None, "user_version", sql::signed(number as u64 + 1))?;
        super::faults::strike()?;
        tx.commit()?;
    }
    Ok(())
}

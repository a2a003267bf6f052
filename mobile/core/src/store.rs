//! One profile's database: operations, the ledgers folded from them, drafts, cursors.
//! Readers take a `&Connection`, writers a `&Transaction`. Knows no network and no screens.

pub(crate) mod chain;
pub(crate) mod check;
pub(crate) mod drafts;
pub(crate) mod entries;
pub mod faults;
mod fold;
pub(crate) mod fork;
pub(crate) mod location;
pub(crate) mod meta;
pub(crate) mod ops;
pub(crate) mod outbox;
pub(crate) mod photos;
pub(crate) mod records;
pub(crate) mod salvage;
mod schema;
pub(crate) mod scopes;
pub(crate) mod search;
pub(crate) mod spool;
mod sql;

pub use location::{Disk, Location};

use crate::message::Trouble;
use location::Content;
use rusqlite::{Connection, Transaction, TransactionBehavior};

/// The database said no, or holds something that it should not.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no.
    #[error("the database on this device answered: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored value cannot be read back.
    #[error("a stored {what} cannot be read: {detail}")]
    Unreadable {
        /// What it was to be.
        what: &'static str,
        /// What the reader said.
        detail: String,
    },
    /// Written by a newer version of the app.
    #[error("the data on this device were written by a newer version of the app")]
    Newer,
    /// One operation would be larger than [`bianfang_shared::wire::OP_BYTES_MAX`].
    #[error("the record has {bytes} bytes; one may have {max}")]
    TooLarge {
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        max: usize,
    },
}

impl StoreError {
    fn code(&self) -> Option<rusqlite::ErrorCode> {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code(),
            _ => None,
        }
    }

    /// Whether the file itself is damaged, or is no database.
    pub fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        matches!(self.code(), Some(DatabaseCorrupt | NotADatabase)) || matches!(self, Self::Unreadable { .. })
    }

    /// Whether asking again can never help.
    pub fn is_permanent(&self) -> bool {
        self.is_damage() || matches!(self, Self::Newer | Self::TooLarge { .. })
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        let code = match (&error, error.code()) {
            (_, Some(rusqlite::ErrorCode::DiskFull)) => "storage_full",
            (StoreError::TooLarge { .. }, _) => "too_large",
            _ => "storage_broken",
        };
        Trouble { code: code.to_owned(), detail: error.to_string(), may_retry: !error.is_permanent() }
    }
}

/// A profile's database, opened. Nobody else has it open.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
}

/// Statements kept prepared.
const STATEMENTS_KEPT: usize = 160;

impl Store {
    /// Opens a database of ledgers, or makes it, and brings it up to date.
    pub(crate) fn open(location: &Location, name: &str) -> Result<Self, StoreError> {
        Self::open_as(location, name, Content::Ledgers, schema::STEPS)
    }

    fn open_as(
        location: &Location,
        name: &str,
        content: Content,
        steps: &[schema::Step],
    ) -> Result<Self, StoreError> {
        let mut conn = location.connect(name, content)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        schema::upgrade(&mut conn, steps).map_err(|error| match error {
            schema::UpgradeError::Newer { .. } => StoreError::Newer,
            schema::UpgradeError::Store(error) => error,
        })?;
        Ok(Self { conn })
    }

    /// For reading.
    pub(crate) fn read(&self) -> &Connection {
        &self.conn
    }

    /// Does all of `work` durably, or nothing of it.
    pub(crate) fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let refused = |error: rusqlite::Error| E::from(StoreError::Sqlite(error));
        faults::strike().map_err(refused)?;
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refused)?;
        let done = work(&tx)?;
        faults::strike().map_err(refused)?;
        tx.commit().map_err(refused)?;
        Ok(done)
    }

    /// Whether the file's structure holds. Reads all of it.
    pub(crate) fn is_sound(&self) -> bool {
        let told = sql::one(&self.conn, "PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        matches!(told, Ok(Some(word)) if word == "ok")
    }

    /// Lets the file grow no further, as on a full disk; or again.
    pub(crate) fn limit_pages(&self, full: bool) -> Result<(), StoreError> {
        let pages = sql::number(&self.conn, "PRAGMA page_count", [])?;
        // One page of room: what fits into it is still saved.
        let max = if full { pages + 1 } else { 1 << 30 };
        Ok(sql::one(&self.conn, &format!("PRAGMA max_page_count = {max}"), [], |_| Ok(())).map(drop)?)
    }

    /// Checks the whole file, slowly. Empty when it is sound.
    pub fn integrity(&self) -> Result<Vec<String>, StoreError> {
        let found = sql::all(&self.conn, "PRAGMA integrity_check", [], |row| row.get::<_, String>(0))?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bianfang_shared::hlc::Hlc;
    use bianfang_shared::id::{DeviceId, EntityId, ObservationId, UserId};
    use bianfang_shared::ledger::LedgerKind;
    use bianfang_shared::observation::{ChecklistRef, Observation, ObservationKind, Outcome};
    use bianfang_shared::op::{Body, Op};
    use bianfang_shared::value::Value;

    /// Everything that SQLite knows of the tables, as text.
    fn described(conn: &Connection) -> Vec<String> {
        let find =
            "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
        sql::all(conn, find, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_database_of_any_older_version_is_upgraded_to_what_a_new_one_is() {
        let fresh = Store::open(&Location::Memory(Disk::new()), "fresh").unwrap();
        for version in 0..schema::STEPS.len() {
            let location = Location::Memory(Disk::new());
            let mut old = location.connect("old", Content::Ledgers).unwrap();
            schema::upgrade(&mut old, &schema::STEPS[..version]).unwrap();
            drop(old);
            let upgraded = Store::open(&location, "old").unwrap();
            assert_eq!(described(upgraded.read()), described(fresh.read()), "from version {version}");
        }
        let version = sql::number(fresh.read(), "PRAGMA user_version", []).unwrap();
        assert_eq!(version, schema::STEPS.len() as u64);
    }

    #[test]
    fn an_upgrade_that_fails_half_way_leaves_the_old_version_and_succeeds_later() {
        let steps =
            ["CREATE TABLE a (x); INSERT INTO a VALUES (1);", "ALTER TABLE a ADD COLUMN y DEFAULT 2;"]
                .map(|sql| schema::Step { sql, refolds: false });
        for n in 1..20 {
            let location = Location::Memory(Disk::new());
            let mut conn = location.connect("old", Content::Ledgers).unwrap();
            schema::upgrade(&mut conn, &steps[..1]).unwrap();
            faults::fail_at(n);
            let upgraded = schema::upgrade(&mut conn, &steps);
            let struck = faults::passed() >= n;
            faults::fail_at(0);
            assert_eq!(upgraded.is_err(), struck);
            schema::upgrade(&mut conn, &steps).unwrap();
            assert_eq!(sql::number(&conn, "SELECT y FROM a", []).unwrap(), 2);
            if !struck {
                return;
            }
        }
        panic!("it never succeeds");
    }

    #[test]
    fn a_database_of_a_newer_version_is_left_alone() {
        let location = Location::Memory(Disk::new());
        drop(Store::open(&location, "new").unwrap());
        let conn = location.connect("new", Content::Ledgers).unwrap();
        conn.pragma_update(None, "user_version", 99).unwrap();
        drop(conn);
        let refused = Store::open(&location, "new").unwrap_err();
        assert!(matches!(refused, StoreError::Newer) && refused.is_permanent() && !refused.is_damage());
    }

    /// What the first version kept: operations of a household, its house, a visit and a problem, and a form begun.
    fn first_version(location: &Location) -> Vec<Op> {
        let mut conn = location.connect("old", Content::Ledgers).unwrap();
        schema::upgrade(&mut conn, &schema::STEPS[..1]).unwrap();
        let id = |n: u8| EntityId::from_bytes([n; 16]);
        let of = |id: EntityId| Value::from(id.to_string());
        let register = |entity, ledger, said: Vec<(&str, Value)>| Body::Register {
            entity,
            ledger,
            fields: said.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            cause: None,
            photos: Vec::new(),
        };
        let text = |text: &str| Value::from(text);
        let bodies = [
            register(id(3), LedgerKind::Issue, vec![("subject", of(id(2))), ("what", text("漏雨"))]),
            register(id(2), LedgerKind::House, vec![("household", of(id(1))), ("grade", text("D"))]),
            register(id(1), LedgerKind::Household, vec![("head_name", text("王小明")), ("code", text("H1"))]),
            Body::Record { observation: Box::new(visit(id(1))) },
        ];
        let (device, author) = (DeviceId::from_bytes([9; 16]), UserId::from_bytes([8; 16]));
        let scope = "430681113201".parse().unwrap();
        let ops: Vec<Op> = bodies
            .into_iter()
            .zip(1..)
            .map(|(body, seq)| Op { device, seq, hlc: Hlc::at(1_752_800_000_000), author, scope, body })
            .collect();
        conn.execute("INSERT INTO devices (no, id) VALUES (1, ?1)", [device.bytes()]).unwrap();
        for op in &ops {
            conn.execute(
                "INSERT INTO ops (device_no, seq, scope, kind, entity, observation, received_at_ms, place, life, raw)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5, 1752800000001, ?1, 0, ?6)",
                (
                    sql::signed(op.seq),
                    op.scope.sql(),
                    ops::kind(&op.body),
                    ops::folded_entity(&op.body).map(|id| id.bytes()),
                    op.body.observation().map(|id| id.bytes()),
                    meta::to_json(op),
                ),
            )
            .unwrap();
        }
        let draft = r#"{"household":"01010101-0101-0101-0101-010101010101","started_at_ms":5,"dwell_ms":6,
            "checklist":{"key":"visit","version":1},"note":"说到一半"}"#;
        conn.execute("INSERT INTO drafts VALUES (?1, ?2, 7)", (id(1).bytes(), draft)).unwrap();
        ops
    }

    fn visit(subject: EntityId) -> Observation {
        Observation {
            id: ObservationId::from_bytes([7; 16]),
            kind: ObservationKind::Visit,
            subject,
            corrects: None,
            companions: Vec::new(),
            started_at_ms: 1,
            ended_at_ms: 1_752_800_000_000,
            dwell_ms: 2,
            fixes: Vec::new(),
            photos: Vec::new(),
            checklist: ChecklistRef { key: "visit".to_owned(), version: 1 },
            answers: Default::default(),
            outcome: Outcome::AtHome,
            met: "户主".to_owned(),
            note: String::new(),
            struck: Vec::new(),
            clock_offset_ms: None,
            platform: Default::default(),
        }
    }

    #[test]
    fn an_upgrade_folds_what_is_there_anew_and_keeps_forms_in_hand_and_can_fail_anywhere() {
        for n in 0..2_000 {
            let location = Location::Memory(Disk::new());
            let ops = first_version(&location);
            faults::fail_at(n);
            let first = Store::open(&location, "old");
            let struck = n > 0 && faults::passed() >= n;
            faults::fail_at(0);
            assert_eq!(first.is_err(), struck, "{n}");
            drop(first);
            let store = Store::open(&location, "old").unwrap();
            assert_eq!(check::whole(store.read()).unwrap(), Vec::<String>::new());
            let row = |op: &Op| entries::line(store.read(), op.body.entity().unwrap()).unwrap().unwrap().row;
            assert_eq!(row(&ops[1]).name, "王小明");
            assert_eq!((row(&ops[0]).code.as_str(), row(&ops[1]).open_issues), ("H1", 1));
            assert_eq!(row(&ops[2]).last_record_ms, Some(1_752_800_000_000));
            let kept = drafts::list(store.read(), 10).unwrap();
            let draft = drafts::get(store.read(), kept[0].0, kept[0].1).unwrap().unwrap();
            assert_eq!((draft.note.as_str(), draft.kind), ("说到一半", ObservationKind::Visit));
            if n > 0 && !struck {
                return;
            }
        }
        panic!("it never succeeds");
    }
}

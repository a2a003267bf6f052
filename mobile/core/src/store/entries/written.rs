//! What is written of an entry: from its own fields, and from the row that it belongs to.

use crate::store::{StoreError, meta, sql};
use bianfang_shared::entry::Entry;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, Point, house, household, issue, person, post, water_supply};
use bianfang_shared::search;
use bianfang_shared::text;
use bianfang_shared::value::Value;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Row, Transaction};
use std::collections::BTreeMap;

/// Fields that lists of a ledger show and filter by.
pub(super) fn shown_fields(ledger: LedgerKind) -> &'static [&'static str] {
    match ledger {
        LedgerKind::House => &[
            house::NAME,
            house::STRUCTURE,
            house::GRADE,
            house::GRADED_BY,
            house::LIVED_IN,
            house::SIGN_POSTED,
            house::SEALED,
            house::RECTIFICATION,
        ],
        LedgerKind::WaterSupply => &[
            water_supply::KIND,
            water_supply::UNIT,
            water_supply::KEEPER,
            water_supply::LATEST_RESULT,
            water_supply::SHORTAGE_MONTHS,
            water_supply::SCARCE,
            "households_served",
        ],
        LedgerKind::Post => &[
            post::NAME,
            post::KIND,
            post::HOLDER,
            post::REQUIRED_DAYS,
            post::CONTRACT_FROM,
            post::CONTRACT_TO,
        ],
        LedgerKind::Issue => &[
            issue::TOPIC,
            issue::KIND,
            issue::STATE,
            issue::SUBJECT,
            issue::URGENT,
            issue::DEADLINE,
            issue::RESPONSIBLE,
            "responsible_unit",
            "lead",
        ],
        LedgerKind::Household => &[household::CATEGORIES, household::COLOUR],
        LedgerKind::Person => &[person::RELATION],
        LedgerKind::Unknown => &[],
    }
}

/// The field that stands in the column `standing`, which has an index.
pub(crate) fn standing_field(ledger: LedgerKind) -> Option<&'static str> {
    match ledger {
        LedgerKind::House => Some(house::GRADE),
        LedgerKind::WaterSupply => Some(water_supply::LATEST_RESULT),
        LedgerKind::Issue => Some(issue::STATE),
        LedgerKind::Household | LedgerKind::Person | LedgerKind::Post | LedgerKind::Unknown => None,
    }
}

type Id = [u8; 16];

/// What a row takes over from the one that it belongs to.
#[derive(Clone, Debug, Default)]
struct Above {
    household: Option<Id>,
    name: String,
    code: String,
    address: String,
    point: Option<Point>,
    cadre: Option<Id>,
    family_doctor: Option<Id>,
}

/// What the row of this entry hands on; of a person, what its household's row does, under the person's name.
fn above(conn: &Connection, parent: Id) -> Result<Above, StoreError> {
    let of = |id: Id| {
        let find = "SELECT ledger, parent, household, name, code, address, lat, lon, accuracy_m, cadre, family_doctor
            FROM entries WHERE id = ?1";
        sql::one(conn, find, [id], |row| {
            let above = Above {
                household: row.get(2)?,
                name: row.get(3)?,
                code: row.get(4)?,
                address: row.get(5)?,
                point: super::point(row, 6)?,
                cadre: row.get(9)?,
                family_doctor: row.get(10)?,
            };
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<Id>>(1)?, above))
        })
    };
    let Some((ledger, grandparent, found)) = of(parent)? else { return Ok(Above::default()) };
    let (Some("person"), Some(grandparent)) = (ledger.as_deref(), grandparent) else { return Ok(found) };
    let household = of(grandparent)?.map(|(_, _, household)| household).unwrap_or_default();
    Ok(Above { name: found.name, ..household })
}

/// What is written of an entry.
#[derive(Debug)]
pub(super) struct Written<'e> {
    entry: &'e Entry,
    pub(super) tokens: String,
    own: Above,
    categories: String,
    parent: Option<Id>,
    open: bool,
    shown: Option<String>,
    last_visit_ms: Option<i64>,
    last_record_ms: Option<i64>,
}

impl<'e> Written<'e> {
    pub(super) fn of(conn: &Connection, entry: &'e Entry) -> Result<Self, StoreError> {
        let ledger = entry.ledger.unwrap_or(LedgerKind::Unknown);
        let parent = id_in(entry, ledger.above_field().unwrap_or_default());
        let taken_over = match (ledger, parent) {
            (LedgerKind::House | LedgerKind::Post | LedgerKind::Issue, Some(parent)) => above(conn, parent)?,
            _ => Above::default(),
        };
        let tokens = tokens(entry, ledger, &taken_over);
        let categories = entry.value(household::CATEGORIES).as_list().unwrap_or_default();
        let (last_visit_ms, last_record_ms) = super::last_records(conn, entry.id)?;
        Ok(Self {
            tokens,
            own: own(entry, ledger, taken_over),
            categories: meta::to_json(&categories),
            parent,
            open: ledger == LedgerKind::Issue && entry.text(issue::STATE) != issue::CLOSED,
            shown: shown(entry, ledger),
            last_visit_ms,
            last_record_ms,
            entry,
        })
    }

    /// Whether what others take over is another than in the row known, whose columns are these from the third on.
    pub(super) fn passes_on(&self, row: &Row<'_>) -> rusqlite::Result<bool> {
        let own = &self.own;
        Ok(row.get_ref(2)?.as_str()? != own.name
            || row.get_ref(3)?.as_str()? != own.code
            || row.get_ref(4)?.as_str()? != own.address
            || super::point(row, 5)? != own.point
            || row.get::<_, Option<Id>>(8)? != own.household
            || row.get::<_, Option<Id>>(9)? != own.cadre
            || row.get::<_, Option<Id>>(10)? != own.family_doctor)
    }

    pub(super) fn insert(&self, tx: &Transaction<'_>) -> Result<i64, StoreError> {
        let values = self.values();
        let params = values.iter().map(|(_, value)| value);
        sql::run(tx, INSERT, rusqlite::params_from_iter(params))?;
        Ok(tx.last_insert_rowid())
    }

    pub(super) fn update(&self, tx: &Transaction<'_>, no: i64) -> Result<(), StoreError> {
        let (values, no) = (self.values(), ToSqlOutput::from(no));
        let params = values.iter().map(|(_, value)| value).chain([&no]);
        sql::run(tx, UPDATE, rusqlite::params_from_iter(params))?;
        Ok(())
    }

    /// Whether the row says exactly this.
    pub(super) fn is_stored(&self, conn: &Connection) -> Result<bool, StoreError> {
        let values = self.values();
        let same: Vec<String> =
            values.iter().enumerate().map(|(at, (column, _))| format!("{column} IS ?{}", at + 1)).collect();
        let find = format!("SELECT count(*) FROM entries WHERE {}", same.join(" AND "));
        let params = values.iter().map(|(_, value)| value);
        Ok(sql::number(conn, &find, rusqlite::params_from_iter(params))? == 1)
    }

    /// Every column but the row's number, in the order of [`INSERT`] and [`UPDATE`].
    fn values(&self) -> [(&'static str, ToSqlOutput<'_>); COLUMNS] {
        let (entry, own) = (self.entry, &self.own);
        let ledger = entry.ledger.unwrap_or(LedgerKind::Unknown);
        let (is_house, is_issue) = (ledger == LedgerKind::Household, ledger == LedgerKind::Issue);
        let issues = |field: &str| is_issue.then(|| entry.text(field)).filter(|text| !text.is_empty());
        let standing = standing_field(ledger).and_then(|field| entry.value(field).as_text());
        let supply = is_house.then(|| id_in(entry, household::WATER_SUPPLY)).flatten();
        let responsible = is_issue.then(|| id_in(entry, issue::RESPONSIBLE)).flatten();
        [
            ("id", blob(Some(entry.id.bytes()))),
            ("ledger", text(entry.ledger.map(LedgerKind::key))),
            ("scope", ToSqlOutput::from(entry.scope.sql())),
            ("code", text(Some(&own.code))),
            ("name", text(Some(&own.name))),
            ("address", text(Some(&own.address))),
            ("categories", text(Some(&self.categories))),
            ("colour", text(entry.value(household::COLOUR).as_text())),
            ("lat", real(own.point.map(|point| point.lat))),
            ("lon", real(own.point.map(|point| point.lon))),
            ("accuracy_m", real(own.point.map(|point| point.accuracy_m))),
            ("cadre", blob(own.cadre)),
            ("family_doctor", blob(own.family_doctor)),
            ("parent", blob(self.parent)),
            ("open", ToSqlOutput::from(self.open)),
            ("conflicts", ToSqlOutput::from(i64::try_from(entry.conflicts().count()).unwrap_or(i64::MAX))),
            ("tokens", text(Some(&self.tokens))),
            ("last_visit_ms", int(self.last_visit_ms)),
            ("household", blob(own.household)),
            ("supply", blob(supply)),
            ("standing", text(standing)),
            ("urgent", ToSqlOutput::from(is_issue && *entry.value(issue::URGENT) == Value::Bool(true))),
            ("due_on", text(issues(issue::DEADLINE))),
            ("responsible", blob(responsible)),
            ("shown", text(self.shown.as_deref())),
            ("last_record_ms", int(self.last_record_ms)),
        ]
    }
}

const COLUMNS: usize = 26;

const INSERT: &str =
    "INSERT INTO entries (id, ledger, scope, code, name, address, categories, colour, lat, lon, accuracy_m, cadre,
         family_doctor, parent, open, conflicts, tokens, last_visit_ms, household, supply, standing, urgent, due_on,
         responsible, shown, last_record_ms)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
         ?24, ?25, ?26)";

const UPDATE: &str =
    "UPDATE entries SET ledger = ?2, scope = ?3, code = ?4, name = ?5, address = ?6, categories = ?7, colour = ?8,
         lat = ?9, lon = ?10, accuracy_m = ?11, cadre = ?12, family_doctor = ?13, parent = ?14, open = ?15,
         conflicts = ?16, tokens = ?17, last_visit_ms = ?18, household = ?19, supply = ?20, standing = ?21,
         urgent = ?22, due_on = ?23, responsible = ?24, shown = ?25, last_record_ms = ?26
     WHERE no = ?27 AND id = ?1";

fn text(text: Option<&str>) -> ToSqlOutput<'_> {
    text.map_or(ToSqlOutput::from(rusqlite::types::Null), ToSqlOutput::from)
}

fn blob(id: Option<Id>) -> ToSqlOutput<'static> {
    id.map_or(ToSqlOutput::from(rusqlite::types::Null), |id| {
        ToSqlOutput::Owned(rusqlite::types::Value::Blob(id.to_vec()))
    })
}

fn real(number: Option<f64>) -> ToSqlOutput<'static> {
    number.map_or(ToSqlOutput::from(rusqlite::types::Null), ToSqlOutput::from)
}

fn int(number: Option<i64>) -> ToSqlOutput<'static> {
    number.map_or(ToSqlOutput::from(rusqlite::types::Null), ToSqlOutput::from)
}

/// What the row says itself, where it says something, and else takes over.
fn own(entry: &Entry, ledger: LedgerKind, above: Above) -> Above {
    let or = |field: &str, above: String| match entry.text(field) {
        "" => above,
        own => own.to_owned(),
    };
    let point = |field: &str| entry.value(field).read::<Point>();
    match ledger {
        LedgerKind::Household => {
            let address = [entry.text(household::GROUP), entry.text(household::ADDRESS)];
            let address: Vec<&str> = address.into_iter().filter(|part| !part.is_empty()).collect();
            Above {
                household: Some(entry.id.bytes()),
                name: text::shown(entry.text(household::HEAD_NAME)).into_owned(),
                code: entry.text(household::CODE).to_owned(),
                address: text::shown(&address.join(" ")).into_owned(),
                point: point(household::ANCHOR),
                cadre: id_in(entry, household::CADRE),
                family_doctor: id_in(entry, household::FAMILY_DOCTOR),
            }
        }
        LedgerKind::Person => {
            let name = text::shown(entry.text(person::NAME)).into_owned();
            Above { name, household: id_in(entry, person::HOUSEHOLD), ..Above::default() }
        }
        LedgerKind::House => Above {
            // People know a house by whose it is; which of them it is stands among the fields shown.
            name: if above.name.is_empty() {
                text::shown(entry.text(house::NAME)).into_owned()
            } else {
                above.name
            },
            code: or(house::CODE, above.code),
            address: or("address", above.address),
            point: point(house::POINT).or(above.point),
            ..above
        },
        LedgerKind::Post => Above {
            name: if above.name.is_empty() {
                text::shown(entry.text(post::NAME)).into_owned()
            } else {
                above.name
            },
            code: or(post::CODE, above.code),
            point: point(post::POINT).or(above.point),
            ..above
        },
        LedgerKind::Issue => Above { name: text::shown(entry.text("what")).into_owned(), ..above },
        LedgerKind::WaterSupply => Above {
            name: text::shown(entry.text(water_supply::NAME)).into_owned(),
            code: entry.text(water_supply::CODE).to_owned(),
            address: text::shown(entry.text("address")).into_owned(),
            point: point(water_supply::POINT),
            ..Above::default()
        },
        // Edits of something whose registration has not come.
        LedgerKind::Unknown => Above {
            name: text::shown(entry.text(household::HEAD_NAME)).into_owned(),
            code: entry.text(household::CODE).to_owned(),
            ..Above::default()
        },
    }
}

/// What it is found by. Persons are in no list of their own.
fn tokens(entry: &Entry, ledger: LedgerKind, above: &Above) -> String {
    let Above { name, code, address, .. } = above;
    match ledger {
        LedgerKind::Person => String::new(),
        _ => search::entry_text(entry, search::Above { name, code, address }),
    }
}

fn shown(entry: &Entry, ledger: LedgerKind) -> Option<String> {
    let fields = shown_fields(ledger);
    if fields.is_empty() {
        return None;
    }
    let known = fields.iter().map(|field| (*field, entry.value(field)));
    let known: BTreeMap<&str, &Value> = known.filter(|(_, value)| **value != Value::Null).collect();
    Some(meta::to_json(&known))
}

/// The id that a field holds, of a person or of another entry.
fn id_in(entry: &Entry, field: &str) -> Option<Id> {
    entry.text(field).parse::<EntityId>().ok().map(|id| id.bytes())
}

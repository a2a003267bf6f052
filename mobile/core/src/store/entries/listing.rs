//! Lists of the ledgers other than the households': which rows, in which order.

use super::written::{shown_fields, standing_field};
use super::{area, ledger, point};
use crate::message::{EntryFilter, EntryRow};
use crate::store::{StoreError, sql};
use bianfang_shared::id::{EntityId, UserId};
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::value::Value;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Row};

/// An entry's row with what views need besides.
#[derive(Clone, Debug)]
pub(crate) struct EntryLine {
    pub(crate) row: EntryRow,
    /// Its own point, else its household's.
    pub(crate) point: Option<Point>,
    /// The household that it belongs to in the end.
    pub(crate) household: Option<EntityId>,
    /// What it belongs to.
    pub(crate) parent: Option<EntityId>,
    /// Who is responsible for that household.
    pub(crate) cadre: Option<UserId>,
    pub(crate) family_doctor: Option<UserId>,
}

/// Which rows of a ledger are wanted, in which order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// An FTS5 expression.
    pub(crate) matching: Option<String>,
    /// All but the text.
    pub(crate) filter: EntryFilter,
    /// Only what is this person's.
    pub(crate) of: Option<UserId>,
    /// Nearest first.
    pub(crate) here: Option<Point>,
}

/// A page of a ledger: problems that are open first, then as they fall due; others by village and code; nearest first
/// where that is told.
pub(crate) fn list(
    conn: &Connection,
    ledger: LedgerKind,
    wanted: &Wanted,
    skip: usize,
    rows_max: usize,
) -> Result<Vec<EntryLine>, StoreError> {
    let mut asked = Asked::default();
    // The index of words leads, in its own order, so that a page of a broad search ends early.
    let from = match &wanted.matching {
        Some(expression) => {
            let expression = asked.put(Sql::Text(expression.clone()));
            asked.conditions.push(format!("search MATCH {expression}"));
            "search CROSS JOIN entries e ON e.no = search.rowid"
        }
        None => "entries e",
    };
    asked.conditions.push(format!("e.ledger = '{}'", ledger.key()));
    asked.filter(ledger, wanted);
    let order = asked.order(ledger, wanted);
    let limit = asked.put(Sql::Integer(sql::signed(rows_max as u64)));
    let offset = asked.put(Sql::Integer(sql::signed(skip as u64)));
    let find = format!(
        "SELECT e.no FROM {from} WHERE {} ORDER BY {order} LIMIT {limit} OFFSET {offset}",
        asked.conditions.join(" AND ")
    );
    // Numbers first: sorting a whole ledger with all its columns would take many times as long.
    let params = rusqlite::params_from_iter(&asked.values);
    let numbers = sql::all(conn, &find, params, |row| row.get::<_, i64>(0))?;
    let lines = numbers.into_iter().map(|no| line_where(conn, "no = ?1", no));
    lines.filter_map(Result::transpose).collect()
}

/// A statement in the making: its conditions, and the values that they name by number.
#[derive(Debug, Default)]
struct Asked {
    conditions: Vec<String>,
    values: Vec<Sql>,
}

impl Asked {
    fn put(&mut self, value: Sql) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    fn filter(&mut self, ledger: LedgerKind, wanted: &Wanted) {
        let filter = &wanted.filter;
        if let Some(scope) = filter.scope {
            let scope = self.put(Sql::Integer(scope.sql()));
            self.conditions.push(format!("e.scope = {scope}"));
        }
        if filter.in_conflict {
            self.conditions.push("e.conflicts > 0".to_owned());
        }
        if filter.open {
            let open = match ledger {
                LedgerKind::Issue => "e.open = 1",
                _ => {
                    "EXISTS (SELECT 1 FROM entries i WHERE i.parent = e.id AND i.ledger = 'issue' AND i.open = 1)"
                }
            };
            self.conditions.push(open.to_owned());
        }
        if let Some(user) = wanted.of {
            let user = self.put(Sql::Blob(user.bytes().to_vec()));
            self.conditions.push(match ledger {
                LedgerKind::WaterSupply => format!(
                    "e.id IN (SELECT supply FROM entries WHERE cadre = {user} AND supply IS NOT NULL
                     UNION SELECT supply FROM entries WHERE family_doctor = {user} AND supply IS NOT NULL)"
                ),
                _ => format!(
                    "e.no IN (SELECT no FROM entries WHERE cadre = {user}
                     UNION SELECT no FROM entries WHERE family_doctor = {user}
                     UNION SELECT no FROM entries WHERE responsible = {user})"
                ),
            });
        }
        for (field, value) in &filter.fields {
            self.says(ledger, field, value);
        }
    }

    /// A field that says this; of a list one that holds it.
    fn says(&mut self, ledger: LedgerKind, field: &str, value: &Value) {
        // The name becomes part of a path, so only known ones do; no row shows another.
        if !shown_fields(ledger).contains(&field) {
            return self.conditions.push("0".to_owned());
        }
        let wanted = match value {
            Value::Null => {
                return self.conditions.push(format!("json_extract(e.shown, '$.{field}') IS NULL"));
            }
            Value::Bool(flag) => Sql::Integer(i64::from(*flag)),
            Value::Int(number) => Sql::Integer(*number),
            Value::Num(number) => Sql::Real(*number),
            Value::Text(text) => Sql::Text(text.to_string()),
            Value::List(_) | Value::Map(_) => return self.conditions.push("0".to_owned()),
        };
        let wanted = self.put(wanted);
        self.conditions.push(if standing_field(ledger) == Some(field) {
            format!("e.standing = {wanted}")
        } else {
            // Of one value the only row is that value.
            format!("EXISTS (SELECT 1 FROM json_each(e.shown, '$.{field}') j WHERE j.value = {wanted})")
        });
    }

    fn order(&mut self, ledger: LedgerKind, wanted: &Wanted) -> String {
        let open_first = if ledger == LedgerKind::Issue { "e.open DESC, " } else { "" };
        if let Some(here) = wanted.here {
            // On a plane around the person: near is what matters, and it is exact there.
            let [lat, lon] = [here.lat, here.lon].map(|degrees| self.put(Sql::Real(degrees)));
            let narrow = self.put(Sql::Real(here.lat.to_radians().cos().powi(2)));
            return format!(
                "{open_first}e.lat IS NULL, (e.lat - {lat}) * (e.lat - {lat})
                 + (e.lon - {lon}) * (e.lon - {lon}) * {narrow}, e.no"
            );
        }
        match (ledger, &wanted.matching) {
            (LedgerKind::Issue, _) => {
                "e.open DESC, e.urgent DESC, e.due_on IS NULL, e.due_on, e.no".to_owned()
            }
            (_, Some(_)) => "search.rowid".to_owned(),
            (_, None) => "e.scope, e.code, e.no".to_owned(),
        }
    }
}

const LINE: &str =
    "SELECT id, ledger, scope, name, code, address, shown, conflicts, last_record_ms, lat, lon, accuracy_m,
    household, parent, cadre, family_doctor FROM entries";

fn read_line(row: &Row<'_>) -> rusqlite::Result<EntryLine> {
    let id = |at: usize| row.get::<_, Option<[u8; 16]>>(at);
    let key: Option<String> = row.get(1)?;
    let shown: Option<String> = row.get(6)?;
    Ok(EntryLine {
        row: EntryRow {
            id: EntityId::from_bytes(row.get(0)?),
            ledger: key.map_or(LedgerKind::Unknown, |key| ledger(&key)),
            scope: area(row.get(2)?),
            name: row.get(3)?,
            code: row.get(4)?,
            address: row.get(5)?,
            fields: shown.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            distance_m: None,
            conflicts: row.get(7)?,
            open_issues: 0,
            last_record_ms: row.get(8)?,
        },
        point: point(row, 9)?,
        household: id(12)?.map(EntityId::from_bytes),
        parent: id(13)?.map(EntityId::from_bytes),
        cadre: id(14)?.map(UserId::from_bytes),
        family_doctor: id(15)?.map(UserId::from_bytes),
    })
}

fn line_where(
    conn: &Connection,
    condition: &str,
    param: impl rusqlite::ToSql,
) -> Result<Option<EntryLine>, StoreError> {
    let Some(mut line) = sql::one(conn, &format!("{LINE} WHERE {condition}"), [param], read_line)? else {
        return Ok(None);
    };
    line.row.open_issues = open_issues_of(conn, line.row.id)?;
    Ok(Some(line))
}

/// How many problems about an entry are not closed.
pub(crate) fn open_issues_of(conn: &Connection, id: EntityId) -> Result<u32, StoreError> {
    let count = "SELECT count(*) FROM entries WHERE parent = ?1 AND ledger = 'issue' AND open = 1";
    let open_issues = sql::number(conn, count, [id.bytes()])?;
    Ok(u32::try_from(open_issues).unwrap_or(u32::MAX))
}

/// The row of an entry of any ledger.
pub(crate) fn line(conn: &Connection, id: EntityId) -> Result<Option<EntryLine>, StoreError> {
    line_where(conn, "id = ?1", id.bytes())
}

/// Every row of a ledger that may be due, without its problems counted: what is this person's, or all; with one of these words in `standing`, or any.
pub(crate) fn candidates(
    conn: &Connection,
    ledger: LedgerKind,
    wanted: &Wanted,
    standing: Option<&[String]>,
    rows_max: usize,
) -> Result<Vec<EntryLine>, StoreError> {
    let mut asked = Asked::default();
    asked.conditions.push(format!("e.ledger = '{}'", ledger.key()));
    asked.filter(ledger, wanted);
    if let Some(words) = standing {
        let words: Vec<String> = words.iter().map(|word| asked.put(Sql::Text(word.clone()))).collect();
        asked.conditions.push(format!("e.standing IN ({})", words.join(", ")));
    }
    let limit = asked.put(Sql::Integer(sql::signed(rows_max as u64)));
    let find = format!("{LINE} e WHERE {} LIMIT {limit}", asked.conditions.join(" AND "));
    let params = rusqlite::params_from_iter(&asked.values);
    Ok(sql::all(conn, &find, params, read_line)?)
}

/// Problems that are not closed: those that cannot wait first, then as they fall due.
pub(crate) fn open_problems(conn: &Connection, rows_max: usize) -> Result<Vec<EntryLine>, StoreError> {
    let find = format!(
        "{LINE} WHERE ledger = 'issue' AND open = 1 ORDER BY urgent DESC, due_on IS NULL, due_on, no LIMIT ?1"
    );
    Ok(sql::all(conn, &find, [sql::signed(rows_max as u64)], read_line)?)
}

//! Small facts by name, as JSON.

use super::{StoreError, sql};
use bianfang_shared::id::Epoch;
use bianfang_shared::wire::{Session, User};
use rusqlite::{Connection, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Who signed in on this profile; stays after signing out.
const USER: &str = "user";
/// What the centre said at the last greeting.
const SESSION: &str = "session";
/// Sent with every request.
pub(crate) const TOKEN: &str = "token";
/// The life of the centre's log that the cursors belong to.
pub(crate) const EPOCH: &str = "epoch";
/// How far the chain was sent, in this life of the centre's log and in former ones.
pub(crate) const SENT: &str = "sent";
/// How far the phone's clock is ahead of the centre's.
pub(crate) const CLOCK_OFFSET_MS: &str = "clock_offset_ms";
/// What the centre told of its time at the last contact; see [`crate::clock`].
pub(crate) const CONTACT: &str = "contact";
/// The last exchange that ended well.
pub(crate) const LAST_SUCCESS_MS: &str = "last_success_ms";
/// The name that was typed at sign-in.
pub(crate) const LOGIN: &str = "login";
/// Choices of the person begin with this.
const CHOICE: &str = "choice:";

pub(crate) fn get<T: DeserializeOwned>(conn: &Connection, key: &str) -> Result<Option<T>, StoreError> {
    let text: Option<String> =
        sql::one(conn, "SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))?;
    text.map(|text| from_json("setting", &text)).transpose()
}

pub(crate) fn put<T: Serialize>(tx: &Transaction<'_>, key: &str, value: &T) -> Result<(), StoreError> {
    let text = to_json(value);
    sql::run(tx, "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", (key, text))?;
    Ok(())
}

pub(crate) fn remove(tx: &Transaction<'_>, key: &str) -> Result<(), StoreError> {
    sql::run(tx, "DELETE FROM meta WHERE key = ?1", [key])?;
    Ok(())
}

/// Keeps what the centre said at a greeting.
pub(crate) fn put_session(tx: &Transaction<'_>, session: &Session) -> Result<(), StoreError> {
    put(tx, USER, &session.user)?;
    put(tx, SESSION, session)
}

/// Who signed in on this profile.
pub(crate) fn user(conn: &Connection) -> Result<Option<User>, StoreError> {
    get(conn, USER)
}

pub(crate) fn session(conn: &Connection) -> Result<Option<Session>, StoreError> {
    get(conn, SESSION)
}

pub(crate) fn token(conn: &Connection) -> Result<Option<String>, StoreError> {
    get(conn, TOKEN)
}

pub(crate) fn epoch(conn: &Connection) -> Result<Option<Epoch>, StoreError> {
    get(conn, EPOCH)
}

pub(crate) fn remember(tx: &Transaction<'_>, key: &str, choice: &str) -> Result<(), StoreError> {
    put(tx, &format!("{CHOICE}{key}"), &choice)
}

pub(crate) fn remembered(conn: &Connection) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = sql::all(
        conn,
        "SELECT substr(key, ?2), value FROM meta WHERE key >= ?1 AND key < ?1 || '~' LIMIT 1000",
        (CHOICE, sql::signed(CHOICE.len() as u64 + 1)),
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
    )?;
    rows.into_iter().map(|(key, text)| Ok((key, from_json("choice", &text)?))).collect()
}

/// The JSON of anything that the core itself made.
pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own types have string keys and finite numbers")
}

/// The one word that an enum without data is written as.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    to_json(value).trim_matches('"').to_owned()
}

/// Reads what [`word`] wrote.
pub(crate) fn from_word<T: DeserializeOwned>(what: &'static str, word: &str) -> Result<T, StoreError> {
    from_json(what, &format!("\"{word}\""))
}

pub(crate) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Unreadable { what, detail: error.to_string() })
}

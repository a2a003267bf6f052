//! Stands where the device core will stand: shows that each thing it builds on works in this browser.

use futures::StreamExt as _;
use futures::channel::mpsc;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::clock::WebClock;
use super::connectivity::WebConnectivity;
use super::http::WebHttp;
use super::random::WebRandom;
use super::worker::{scope, send};
use crate::bridge::FromOwner;

pub(super) async fn run(mut inbox: mpsc::Receiver<String>) {
    let http = WebHttp::new(scope().location().origin());
    WebConnectivity.watch(|online| reply(&json!({ "online": online })));
    while let Some(request) = inbox.next().await {
        let storage = storage(&request).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        let fetched = match http.send(reqwest::Method::GET, "/manifest.webmanifest", &[], Vec::new()).await {
            Ok((status, body)) => json!({ "status": status.as_u16(), "bytes": body.len() }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        let mut random = [0_u8; 8];
        WebRandom.fill(&mut random);
        reply(&json!({
            "storage": storage,
            "fetch": fetched,
            "random": random,
            "wall_ms": WebClock.wall_ms(),
            "monotonic_ms": WebClock.monotonic_ms(),
            "online": WebConnectivity.is_online(),
        }));
    }
}

fn reply(value: &Value) {
    send(&FromOwner::Message(value.to_string()));
}

fn storage(text: &str) -> rusqlite::Result<Value> {
    let db = Connection::open("probe.sqlite")?;
    // Exclusive first: a log without it makes a database that cannot be opened again.
    db.pragma_update(None, "locking_mode", "exclusive")?;
    let journal: String = db.query_row("PRAGMA journal_mode=wal", [], |row| row.get(0))?;
    db.pragma_update(None, "synchronous", "full")?;
    db.execute_batch("CREATE VIRTUAL TABLE IF NOT EXISTS notes USING fts5(text, tokenize = 'trigram')")?;
    db.execute("INSERT INTO notes (text) VALUES (?1)", [text])?;
    let rows: i64 = db.query_row("SELECT count(*) FROM notes", [], |row| row.get(0))?;
    let found: i64 =
        db.query_row("SELECT count(*) FROM notes WHERE notes MATCH '三江镇'", [], |row| row.get(0))?;
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    Ok(json!({ "journal": journal, "rows": rows, "found": found, "integrity": check }))
}

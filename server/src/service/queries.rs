//! What reviewers ask: lists, details, histories. Read-only, paged by key. What may be seen is [`Reader`]'s to say: none of
//! these asks the store itself.

mod entries;
mod subjects;
mod visits;

pub use entries::{conflicts, decisions, entry, history, households, quarantine, quarantined};
pub(super) use subjects::Subjects;
pub use visits::{visit, visits};

use super::Refusal;
use super::push::read_op;
use super::reader::Reader;
use crate::store::ledgers::Listed;
use crate::store::ledgers::LogRow;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::UserId;
use bianfang_shared::op::Op;
use bianfang_shared::query::{PAGE_BYTES_MAX, PAGE_ROWS_MAX, Page};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Bytes of operations read for one page, beyond which it ends.
const READ_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Rows on a page where none are asked for.
const PAGE_ROWS: usize = 50;

/// Which rows of a simple list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListFilter {
    /// In this area or beneath it.
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// Found by this; for households only.
    #[serde(default)]
    pub text: Option<String>,
    /// Where the page begins, from the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// Most rows wanted.
    #[serde(default)]
    pub limit: Option<usize>,
}

fn rows_max(limit: Option<usize>) -> usize {
    limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX)
}

/// The words that a search looks for, each the beginning of an indexed word.
fn words(text: Option<&str>) -> Vec<String> {
    let expression = text.and_then(bianfang_shared::search::query).unwrap_or_default();
    let words = expression.split(" AND ").map(|word| word.trim_matches(['"', '*']));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A page of what was found: as many rows as were asked for, or fewer where they come to too many bytes. At least one.
/// A row of which there is nothing to show is left out.
fn page<S, T: Serialize>(
    found: Listed<S>,
    (rows_max, more): (usize, bool),
    key: impl Fn(&S) -> String,
    mut view: impl FnMut(&S) -> Option<T>,
) -> Page<T> {
    let (mut rows, mut next, mut bytes) = (Vec::new(), None, 0);
    let last = found.rows.len().saturating_sub(1);
    for (at, row) in found.rows.iter().enumerate() {
        let shown = view(row);
        bytes += shown.as_ref().map_or(0, json_bytes);
        rows.extend(shown);
        if at + 1 >= rows_max || bytes >= PAGE_BYTES_MAX || at == last {
            next = (at < last || more).then(|| key(row));
            break;
        }
    }
    Page { rows, next, unreadable: found.unreadable }
}

/// How many bytes something takes in an answer.
fn json_bytes(thing: &impl Serialize) -> usize {
    struct Counted(usize);
    impl std::io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counted = Counted(0);
    // What has no JSON form fails where it is sent.
    let _ = serde_json::to_writer(&mut counted, thing);
    counted.0
}

/// A key as the opaque beginning of a page.
fn seal(key: &impl Serialize) -> String {
    BASE64.encode(serde_json::to_vec(key).expect("keys are plain data"))
}

fn unseal<T: DeserializeOwned>(after: Option<&str>) -> Result<Option<T>, Refusal> {
    let read = |text: &str| serde_json::from_slice(&BASE64.decode(text).ok()?).ok();
    after
        .map(|text| {
            read(text).ok_or_else(|| Refusal::BadRequest {
                detail: "`after` is what `next` of the page before said, unchanged.".to_owned(),
            })
        })
        .transpose()
}

/// Names of people by their ids.
struct Names(HashMap<UserId, String>);

impl Names {
    fn load(reader: &Reader<'_>) -> Result<Self, Refusal> {
        reader.names().map(Self)
    }

    fn of(&self, user: UserId) -> String {
        self.0.get(&user).cloned().unwrap_or_default()
    }
}

/// The operation of a log row. What is in the log was read once, so it can be read again.
fn op_of(row: &LogRow) -> Result<Op, Refusal> {
    read_op(&row.raw).map_err(|_| {
        let text = format!("log of {} at {}", row.scope, row.seq);
        Refusal::Store(crate::store::StoreError::Damaged(text))
    })
}

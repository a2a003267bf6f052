//! What reviewers ask: lists, details, histories. Read-only, paged by key. What may be seen is [`Reader`]'s to say: none of
//! these asks the store itself.

mod entries;
mod subjects;
mod visits;

pub use entries::{conflicts, entry, history, households, quarantine};
pub(super) use subjects::Subjects;
pub use visits::{visit, visits};

use super::Refusal;
use super::push::read_op;
use super::reader::Reader;
use crate::store::ledgers::LogRow;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::UserId;
use bianfang_shared::op::Op;
use bianfang_shared::query::PAGE_ROWS_MAX;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

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

//! What reviewers ask: lists, details, histories. Read-only, within the areas granted, paged by key.

mod entries;
mod subjects;
mod visits;

pub use entries::{conflicts, entry, history, households, quarantine};
pub(super) use subjects::Subjects;
pub use visits::{visit, visits};

use super::Refusal;
use super::push::read_op;
use crate::store::Store;
use crate::store::ledgers::{AreaRange, LogRow};
use crate::store::people::SignedIn;
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

/// The areas that someone may see of those asked for.
fn areas(who: &SignedIn, asked: Option<AreaCode>) -> Vec<AreaRange> {
    let grants = who.account.grants.iter().copied();
    let seen: Vec<AreaCode> = match asked {
        None => grants.collect(),
        Some(asked) if grants.clone().any(|grant| grant.contains(asked)) => vec![asked],
        Some(asked) => grants.filter(|grant| asked.contains(*grant)).collect(),
    };
    seen.into_iter().map(AreaRange::of).collect()
}

fn may_see(who: &SignedIn, scope: AreaCode) -> Result<(), Refusal> {
    // Not "forbidden": whether something exists elsewhere is nobody's business.
    if super::pull::actor(who).covers(scope) { Ok(()) } else { Err(Refusal::NotFound) }
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
    fn load(store: &dyn Store) -> Result<Self, Refusal> {
        let named = store.accounts()?.into_iter().map(|account| (account.user.id, account.user.name));
        Ok(Self(named.collect()))
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

//! Sets up the demo township in an empty data folder, through the same path as every push.

use super::Refusal;
use super::merger::Merger;
use super::password::{self, PasswordCost};
use super::photos::Photos;
use super::seed::{Seeded, merge_made};
use super::sessions::{DEMO_NOTE, DEMO_PASSWORD};
use crate::clock::{Rng, random};
use crate::demo::{DemoPerson, DemoTownship, Size, township};
use crate::store::Store;
use crate::store::people::{Account, Audit};
use bianfang_shared::id::UserId;
use bianfang_shared::wire::User;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The default seed.
pub const DEMO_SEED: u64 = 20_250_718;
/// Households in each village, unless asked otherwise.
pub const DEMO_HOUSEHOLDS: usize = 60;

/// Kept beside the data: what they were made from, so that an interrupted run goes on where it stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    seed: u64,
    households: usize,
    per_village: bool,
    at_ms: i64,
    done: bool,
}

/// What `set_up` found or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetUp {
    /// The demo data were there already; nothing was changed.
    ThereAlready,
    /// Made now.
    Made {
        /// What became of the operations.
        ops: Seeded,
        /// How many photographs were kept; some that records name are still on somebody's phone.
        photographs: u64,
    },
}

/// Makes the demo township. Where an earlier run was interrupted it is finished as it was begun. A folder with
/// other data is left alone.
pub fn set_up(
    store: &dyn Store,
    merger: &Merger,
    photos: &Photos,
    rng: &dyn Rng,
    cost: PasswordCost,
    wanted: (u64, Size),
    now_ms: i64,
) -> Result<SetUp, Refusal> {
    let begun = match store.note(DEMO_NOTE)? {
        Some(text) => serde_json::from_str::<Made>(&text).map_err(|_| Refusal::Internal)?,
        None if store.accounts()?.is_empty() => made(wanted, now_ms),
        None => {
            let detail = "The folder holds data that `demo` did not make; take an empty one.".to_owned();
            return Err(Refusal::Taken { detail });
        }
    };
    if begun.done {
        return Ok(SetUp::ThereAlready);
    }
    note(store, begun)?;
    let size =
        if begun.per_village { Size::PerVillage(begun.households) } else { Size::Total(begun.households) };
    let demo = township(begun.seed, size, begun.at_ms);
    store.put_areas(&demo.areas)?;
    let hash = password::hash(DEMO_PASSWORD, random(rng), cost);
    for person in &demo.people {
        store.add_account(&account(person, &hash, begun.at_ms), &line(person, begun.at_ms))?;
    }
    let mut takers = BTreeMap::new();
    let told = demo.all_ops().inspect(|op| {
        for photo in op.body.photos() {
            takers.entry(photo.sha256.clone()).or_insert(op.author);
        }
    });
    let ops = merge_made(store, merger, told, begun.at_ms)?;
    let photographs = keep_photographs(photos, &demo, takers)?;
    note(store, Made { done: true, ..begun })?;
    Ok(SetUp::Made { ops, photographs })
}

/// Keeps the photographs that were painted, as if their takers had sent them.
fn keep_photographs(
    photos: &Photos,
    demo: &DemoTownship,
    takers: BTreeMap<String, UserId>,
) -> Result<u64, Refusal> {
    let mut kept = 0;
    for (sha256, taker) in takers {
        if let Some(jpeg) = demo.picture(&sha256) {
            photos.bring(&Vec::from(&*jpeg).into(), taker)?;
            kept += 1;
        }
    }
    Ok(kept)
}

fn made((seed, size): (u64, Size), at_ms: i64) -> Made {
    let (households, per_village) = match size {
        Size::PerVillage(households) => (households, true),
        Size::Total(households) => (households, false),
    };
    Made { seed, households, per_village, at_ms, done: false }
}

fn note(store: &dyn Store, made: Made) -> Result<(), Refusal> {
    let text = serde_json::to_string(&made).map_err(|_| Refusal::Internal)?;
    Ok(store.set_note(DEMO_NOTE, &text)?)
}

fn account(person: &DemoPerson, hash: &str, at_ms: i64) -> Account {
    let DemoPerson { id, login, name, role, grants, signs_in } = person.clone();
    Account {
        user: User { id, login, name, role },
        grants,
        // No password fits what is no hash.
        password_hash: if signs_in { hash.to_owned() } else { "none".to_owned() },
        disabled: false,
        created_at_ms: at_ms,
    }
}

fn line(person: &DemoPerson, at_ms: i64) -> Audit {
    Audit { at_ms, actor: None, action: "account_added".to_owned(), about: person.login.clone() }
}

//! What was begun on a screen without a draft of its own: a step of a problem, a new entry. Kept on the device as a
//! choice is, so that neither a killed tab nor an empty battery costs what was typed.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use bianfang_device::message::Request;
use dioxus::prelude::*;
use futures::StreamExt as _;
use futures::channel::mpsc;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::core::Core;
use super::state::{AppState, use_app, use_core};
use crate::platform::use_platform;

/// Under which key all of them are remembered together.
const BEGUN_KEY: &str = "begun";
/// Most that are kept. When there is one more, the one touched longest ago goes.
const BEGUN_MAX: usize = 40;
/// How long changes are gathered before they are kept.
const GATHER_MS: u32 = 300;

/// Everything begun, the one touched last at the end.
#[derive(Debug, Default, Serialize, Deserialize)]
struct All(VecDeque<(String, Json)>);

impl All {
    fn read(text: &str) -> Self {
        // What cannot be read is from another version; it has no screen here.
        serde_json::from_str(text).unwrap_or_default()
    }

    fn find<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let (_, json) = self.0.iter().find(|(own, _)| own == key)?;
        serde_json::from_value(json.clone()).ok()
    }

    fn put(&mut self, key: &str, json: Option<Json>) {
        self.0.retain(|(own, _)| own != key);
        if let Some(json) = json {
            self.0.push_back((key.to_owned(), json));
        }
        while self.0.len() > BEGUN_MAX {
            self.0.pop_front();
        }
    }
}

/// What was begun on this screen. Cheap to clone; all clones are one.
pub struct Begun<T: 'static> {
    /// As it stands.
    pub value: Signal<T>,
    keeper: Rc<Keeper<T>>,
}

struct Keeper<T> {
    key: String,
    core: Core,
    app: AppState,
    // Apart from the signal, since it has to be read when the screen is left and that is gone.
    now: RefCell<T>,
    dirty: Cell<bool>,
    wake: RefCell<mpsc::Sender<()>>,
}

impl<T: Serialize> Keeper<T> {
    fn keep(&self) {
        if self.dirty.replace(false) {
            let json = serde_json::to_value(&*self.now.borrow()).ok();
            self.put(json);
        }
    }

    fn put(&self, json: Option<Json>) {
        let mut shown = self.app.status;
        let mut all = All::read(&remembered(self.app));
        all.put(&self.key, json);
        let text = serde_json::to_string(&all).expect("texts and plain data");
        // Known here at once, for whoever comes back to the screen before the core is asked again.
        if let Ok(mut shown) = shown.try_write()
            && let Some(status) = shown.as_mut()
        {
            status.remembered.insert(BEGUN_KEY.to_owned(), text.clone());
        }
        self.core.tell(Request::Remember { key: BEGUN_KEY.to_owned(), value: text });
    }
}

fn remembered(app: AppState) -> String {
    // Gone where the whole app is.
    let Ok(status) = app.status.try_peek() else { return String::new() };
    status.as_ref().and_then(|status| status.remembered.get(BEGUN_KEY).cloned()).unwrap_or_default()
}

impl<T: Clone + Serialize> Begun<T> {
    /// Changes it; it is kept shortly after, and when the screen is left.
    pub fn change(&self, how: impl FnOnce(&mut T)) {
        how(&mut self.keeper.now.borrow_mut());
        self.keeper.dirty.set(true);
        let mut shown = self.value;
        match shown.try_write() {
            Ok(mut shown) => {
                *shown = self.keeper.now.borrow().clone();
                let _one_waits_already = self.keeper.wake.borrow_mut().try_send(());
            }
            // The screen was left meanwhile, as by a photograph that took its time.
            Err(_) => self.keeper.keep(),
        }
    }

    /// As it stands, without looking on.
    #[must_use]
    pub fn now(&self) -> T {
        self.keeper.now.borrow().clone()
    }

    /// It is done, or thrown away.
    pub fn done(&self) {
        self.keeper.dirty.set(false);
        self.keeper.put(None);
    }
}

impl<T> Clone for Begun<T> {
    fn clone(&self) -> Self {
        Self { value: self.value, keeper: Rc::clone(&self.keeper) }
    }
}

impl<T> PartialEq for Begun<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.keeper, &other.keeper)
    }
}

impl<T> std::fmt::Debug for Begun<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Begun").field("key", &self.keeper.key).finish_non_exhaustive()
    }
}

/// What was begun under this key, else what `fresh` gives.
pub fn use_begun<T>(key: String, fresh: impl FnOnce() -> T) -> Begun<T>
where
    T: Clone + Serialize + DeserializeOwned + 'static,
{
    let (app, core, page) = (use_app(), use_core(), use_platform().page);
    let begun = use_hook(|| {
        let found = All::read(&remembered(app)).find::<T>(&key).unwrap_or_else(fresh);
        let (wake, mut woken) = mpsc::channel(1);
        let keeper = Keeper {
            key,
            core,
            app,
            now: RefCell::new(found.clone()),
            dirty: Cell::new(false),
            wake: RefCell::new(wake),
        };
        let keeper = Rc::new(keeper);
        let keeping = Rc::clone(&keeper);
        spawn(async move {
            while woken.next().await.is_some() {
                page.sleep(GATHER_MS).await;
                keeping.keep();
            }
        });
        Begun { value: Signal::new(found), keeper }
    });
    let leaving = Rc::clone(&begun.keeper);
    use_drop(move || leaving.keep());
    begun
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_touched_longest_ago_gives_way_and_what_is_done_goes() {
        let mut all = All::default();
        for number in 0..=BEGUN_MAX {
            all.put(&format!("step/{number}"), Some(Json::from(number)));
        }
        assert_eq!(all.0.len(), BEGUN_MAX);
        assert_eq!((all.find::<usize>("step/0"), all.find::<usize>("step/1")), (None, Some(1)));
        all.put("step/1", Some(Json::from(100)));
        all.put("step/new", Some(Json::from(7)));
        assert_eq!((all.find::<usize>("step/1"), all.find::<usize>("step/2")), (Some(100), None));
        all.put("step/1", None);
        assert_eq!(all.find::<usize>("step/1"), None);
        let text = serde_json::to_string(&all).unwrap();
        assert_eq!(All::read(&text).find::<usize>("step/new"), Some(7));
        assert!(All::read("not ours").0.is_empty());
    }
}

//! A person's databases on this device, and the small one that says whose are in use.
//!
//! Every account has a database of its own, and one for its pictures: with a device id, a key and a chain of its own. So several people can
//! share a phone; nobody's records are sent under another's name, and what one has not sent waits for their return.

use crate::core::RoomMade;
use crate::likes::Likes;
use crate::message::{PHOTOS_WIFI_ONLY, Trouble};
use crate::platform::Platform;
use crate::store::chain::Identity;
use crate::store::photos::PhotoName;
use crate::store::spool::Spool;
use crate::store::{Location, Store, StoreError, chain, drafts, meta, salvage};
use crate::sync::{Engine, tell_spool};
use bianfang_shared::chain::Head;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The database that says whose profile is in use, and keeps choices made before anybody signed in.
const INDEX: &str = "bianfang";
/// What the names of a profile's two databases begin with.
const LEDGERS: &str = "profile";
const PICTURES: &str = "photos";
/// In the index: the name that was typed at the last sign-in.
const CURRENT: &str = "current";
/// How often a database may turn out damaged before the app gives up.
const GENERATIONS_MAX: u32 = 9;

/// A person's database with its exchange.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) login: String,
    pub(crate) store: Store,
    pub(crate) spool: Spool,
    pub(crate) likes: RefCell<Likes>,
    pub(crate) room_made: RoomMade,
    pub(crate) engine: Engine,
}

/// All databases of this device.
#[derive(Debug)]
pub(crate) struct Shelf {
    location: Location,
    pub(crate) index: Store,
    /// What was found damaged when it was opened.
    pub(crate) said: Option<Trouble>,
}

/// The name typed at sign-in, as profiles are told apart: without blanks at the ends, in small letters.
pub(crate) fn fold_login(typed: &str) -> String {
    typed.trim().to_lowercase()
}

impl Shelf {
    pub(crate) fn open(location: Location) -> Result<Self, StoreError> {
        let mut said = None;
        let index = open_index(&location, &mut said)?;
        Ok(Self { location, index, said })
    }

    /// The profile in use, if somebody is signed in.
    pub(crate) fn current(&mut self, platform: &Platform) -> Result<Option<Profile>, StoreError> {
        match meta::get::<String>(self.index.read(), CURRENT)? {
            Some(login) => self.profile(&login, platform),
            None => Ok(None),
        }
    }

    /// The profile of this name, if there is one.
    pub(crate) fn profile(
        &mut self,
        login: &str,
        platform: &Platform,
    ) -> Result<Option<Profile>, StoreError> {
        if !self.location.has(&file_name(&base_name(LEDGERS, login), 1)) {
            return Ok(None);
        }
        let mut store = self.open_profile(login, platform)?;
        // Begun anew after damage, or by a sign-in that was cut short: as if it were not there.
        if !chain::begun(store.read())? {
            return Ok(None);
        }
        let spool = match self.pictures(login, &mut store, platform) {
            Ok(spool) => spool,
            // As on a full disk. Whatever it is, it keeps nobody from the records.
            Err(error) => {
                self.said = Some(error.into());
                Spool::stand_in()?
            }
        };
        self.with_pictures(login, store, spool, platform).map(Some)
    }

    /// The pictures of a profile, tidied: at the start no form is in hand but those that are kept.
    fn pictures(&mut self, login: &str, store: &mut Store, platform: &Platform) -> Result<Spool, StoreError> {
        let mut spool = self.open_spool(login)?;
        let tidied = tidy(store, &mut spool, platform, self.photos_of_screens()?);
        if tidied.is_err_and(|error| error.is_damage()) {
            // Pictures that cannot be read keep nobody from the records: the next file takes their place at once.
            self.suspect(login)?;
            spool = self.open_spool(login)?;
        }
        Ok(spool)
    }

    fn with_pictures(
        &self,
        login: &str,
        store: Store,
        spool: Spool,
        platform: &Platform,
    ) -> Result<Profile, StoreError> {
        let mut engine = Engine::new(&store, platform)?;
        engine.set_wifi_only(self.wifi_only()?);
        let (login, likes, room_made) = (login.to_owned(), RefCell::default(), RoomMade::default());
        Ok(Profile { login, store, spool, likes, room_made, engine })
    }

    /// Whether photographs wait for Wi-Fi.
    pub(crate) fn wifi_only(&self) -> Result<bool, StoreError> {
        Ok(meta::remembered(self.index.read())?.get(PHOTOS_WIFI_ONLY).is_some_and(|word| word == "true"))
    }

    /// The photographs of forms that have no draft: their screens keep them as texts among the choices of the phone. What
    /// looks like a photograph's name is taken for one, whatever the text is.
    fn photos_of_screens(&self) -> Result<BTreeSet<PhotoName>, StoreError> {
        let kept = meta::remembered(self.index.read())?;
        Ok(kept.values().flat_map(|text| PhotoName::all_in(text)).collect())
    }

    fn open_spool(&mut self, login: &str) -> Result<Spool, StoreError> {
        let base = base_name(PICTURES, login);
        let (mut spool, number) = self.open_sound(&base, Spool::open, Spool::is_sound, |_, _, _| Ok(()))?;
        if number > 1 {
            // What cannot be carried over now, as for want of room, is at the next start.
            let carried = spool.carry_over(&self.location, &file_name(&base, number - 1));
            self.said = carried.err().map(Trouble::from).or(self.said.take());
        }
        Ok(spool)
    }

    /// A new profile.
    pub(crate) fn make(
        &mut self,
        login: &str,
        identity: Identity,
        platform: &Platform,
    ) -> Result<Profile, StoreError> {
        let mut store = self.open_profile(login, platform)?;
        store.write(|tx| {
            meta::put(tx, meta::LOGIN, &login)?;
            chain::begin(tx, identity, true, Default::default()).map(drop)
        })?;
        let spool = self.pictures(login, &mut store, platform)?;
        self.with_pictures(login, store, spool, platform)
    }

    fn open_profile(&mut self, login: &str, platform: &Platform) -> Result<Store, StoreError> {
        let carry_over = |location: &Location, from: &str, store: &mut Store| {
            if chain::begun(store.read())? {
                return Ok(());
            }
            let at_ms = platform.clock.wall_ms();
            salvage::carry_over(location, from, store, Identity::new(platform), at_ms).map(drop)
        };
        let opened = self.open_sound(&base_name(LEDGERS, login), Store::open, Store::is_sound, carry_over);
        opened.map(|(store, _)| store)
    }

    /// Opens a database. One that is damaged stays where it is, under its name, for whoever can repair it; a new one
    /// takes its place under the next name, with what could still be read of what was entered here. Answers too the how
    /// manieth it is.
    // Renaming would read better, but the browser's pool of files offers it to nobody who has the file open.
    fn open_sound<T>(
        &mut self,
        base: &str,
        open: impl Fn(&Location, &str) -> Result<T, StoreError>,
        is_sound: impl Fn(&T) -> bool,
        carry_over: impl Fn(&Location, &str, &mut T) -> Result<(), StoreError>,
    ) -> Result<(T, u32), StoreError> {
        let (suspect, generation) = (format!("suspect:{base}"), format!("generation:{base}"));
        let is_suspect = meta::get::<bool>(self.index.read(), &suspect)?.unwrap_or(false);
        let first: u32 = meta::get(self.index.read(), &generation)?.unwrap_or(1);
        for number in first..GENERATIONS_MAX {
            let name = file_name(base, number);
            let opened = open(&self.location, &name);
            let damaged = match &opened {
                Ok(opened) => number == first && is_suspect && !is_sound(opened),
                Err(error) => error.is_damage(),
            };
            if damaged {
                self.said = Some(set_aside(&name));
                continue;
            }
            let mut opened = opened?;
            if number > first {
                carry_over(&self.location, &file_name(base, number - 1), &mut opened)?;
            }
            if number > first || is_suspect {
                // Where that fails, as on a full disk, the next start finds the same damage and the same file after it.
                let _found_again = self.index.write(|tx| {
                    meta::put(tx, &generation, &number)?;
                    meta::remove(tx, &suspect)
                });
            }
            return Ok((opened, number));
        }
        Ok((open(&self.location, &file_name(base, GENERATIONS_MAX))?, GENERATIONS_MAX))
    }

    /// Something in a file of this profile could not be read: they are looked through when they are opened next.
    pub(crate) fn suspect(&mut self, login: &str) -> Result<(), StoreError> {
        let keys = [LEDGERS, PICTURES].map(|what| format!("suspect:{}", base_name(what, login)));
        self.index.write(|tx| keys.iter().try_for_each(|key| meta::put(tx, key, &true)))
    }

    /// Remembers whose profile is in use.
    pub(crate) fn use_profile(&mut self, login: Option<&str>) -> Result<(), StoreError> {
        self.index.write(|tx| match login {
            Some(login) => meta::put(tx, CURRENT, &login),
            None => meta::remove(tx, CURRENT),
        })
    }
}

/// File names hold no personal data, and any name makes a good one.
fn base_name(what: &str, login: &str) -> String {
    format!("{what}-{}", &Head::EMPTY.extend(login.as_bytes()).to_string()[..16])
}

fn file_name(base: &str, generation: u32) -> String {
    if generation == 1 { format!("{base}.db") } else { format!("{base}.{generation}.db") }
}

/// Opens the index; one that is damaged holds nothing that signing in does not bring back.
fn open_index(location: &Location, said: &mut Option<Trouble>) -> Result<Store, StoreError> {
    for number in 1..GENERATIONS_MAX {
        let name = file_name(INDEX, number);
        match Store::open(location, &name) {
            Err(error) if error.is_damage() => *said = Some(set_aside(&name)),
            opened => return opened,
        }
    }
    Store::open(location, &file_name(INDEX, GENERATIONS_MAX))
}

fn set_aside(name: &str) -> Trouble {
    Trouble {
        code: "storage_broken".to_owned(),
        detail: format!(
            "{name} is damaged and was set aside, not deleted; what could be read of it was carried over"
        ),
        may_retry: false,
    }
}

/// Tells the spool what records name, and lets go what has had its time. What fails here is done at the next chance: the
/// lane tells before it sends, and the next start tidies.
fn tidy(
    store: &mut Store,
    spool: &mut Spool,
    platform: &Platform,
    of_screens: BTreeSet<PhotoName>,
) -> Result<(), StoreError> {
    tell_spool(store, spool)?;
    let mut in_hand = drafts::photos(store.read())?;
    in_hand.extend(of_screens);
    spool.tidy(platform.clock.wall_ms(), &in_hand)
}

impl Profile {
    /// The device that writes this profile's chain.
    pub(crate) fn identity(&self) -> Result<Identity, StoreError> {
        Ok(chain::read(self.store.read())?.identity)
    }
}

//! Screens in their states, drawn to HTML without a browser.

use std::rc::Rc;

use dioxus::history::{History, MemoryHistory};
use dioxus::prelude::*;
use futures::FutureExt as _;

use super::machine;
use super::transport::{MemoryTransport, Mood};
use crate::app::{App, Carrier};
use crate::bridge::{Ownership, StorageProblem};
use crate::i18n::Lang;
use crate::platform::{Fix, LocationProblem};

/// A screen in a state.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// Its name.
    pub name: &'static str,
    /// Its address.
    pub path: &'static str,
    /// What kind of day it is.
    pub mood: Mood,
}

const fn scene(name: &'static str, path: &'static str, mood: Mood) -> Scene {
    Scene { name, path, mood }
}

const FIRST: &str = "/households/00000000-0000-0000-0000-000000000001";
const DISPUTED: &str = "/households/00000000-0000-0000-0000-000000000002";
const FORM: &str = "/visit/00000000-0000-0000-0000-000000000001";

/// Every screen in the states it can be in.
pub const SCENES: &[Scene] = &[
    scene("sign-in", "/", Mood::SignedOut),
    scene("today", "/", Mood::Cadre),
    scene("today-empty", "/", Mood::Empty),
    scene("today-fresh", "/", Mood::Fresh),
    scene("ledger-fresh", "/households", Mood::Fresh),
    scene("today-offline", "/", Mood::Offline),
    scene("today-broken", "/", Mood::Broken),
    scene("today-loading", "/", Mood::Silent),
    scene("ledger", "/households", Mood::Cadre),
    scene("ledger-empty", "/households", Mood::Empty),
    scene("household", FIRST, Mood::Cadre),
    scene("household-disputed", DISPUTED, Mood::Cadre),
    scene("visit-new", FORM, Mood::Cadre),
    scene("visit-filled", FORM, Mood::Filled),
    scene("visit-no-place", FORM, Mood::Offline),
    scene("saved", "/saved/00000000-0000-0000-0000-000000000001", Mood::Offline),
    scene("record", "/records/00000000-0000-0000-0000-000000000001", Mood::Cadre),
    scene("record-sent-back", "/records/00000000-0000-0000-0000-000000000003", Mood::Cadre),
    scene("uploads", "/uploads", Mood::Cadre),
    scene("uploads-empty", "/uploads", Mood::Empty),
    scene("uploads-offline", "/uploads", Mood::Offline),
    scene("uploads-pulling", "/uploads", Mood::Filled),
    scene("me", "/me", Mood::Cadre),
    scene("review", "/review", Mood::Supervisor),
    scene("review-detail", "/review/00000000-0000-0000-0000-000000000001", Mood::Supervisor),
    scene("review-disputed", "/review/00000000-0000-0000-0000-000000000002", Mood::Supervisor),
    scene("review-offline", "/review", Mood::SupervisorOffline),
    scene("conflicts", "/conflicts", Mood::Supervisor),
    scene("quarantine", "/quarantine", Mood::Supervisor),
    scene("quarantine-every-reason", "/quarantine", Mood::SetAside),
    scene("uploads-every-reason", "/uploads", Mood::SetAside),
    scene("not-found", "/no/such/page", Mood::Cadre),
];

/// Draws a scene as it is once everything that can happen by itself has happened.
#[must_use]
pub fn draw(scene: Scene, lang: Lang) -> String {
    draw_owned(scene, lang, Ownership::Here)
}

/// Draws a scene in a window that may not own the database.
#[must_use]
pub fn draw_owned(scene: Scene, lang: Lang, ownership: Ownership) -> String {
    let offline = matches!(scene.mood, Mood::Offline | Mood::SupervisorOffline);
    let fix = super::records::fix(36.0, 12.0);
    let place = if offline {
        Err(LocationProblem::Refused)
    } else {
        Ok(Fix {
            latitude_deg: fix.lat,
            longitude_deg: fix.lon,
            accuracy_m: fix.accuracy_m,
            taken_at_ms: fix.at_ms.unsigned_abs(),
        })
    };
    let history: Rc<dyn History> = Rc::new(MemoryHistory::with_initial_path(scene.path));
    let mut screens = VirtualDom::new(App)
        .with_root_context(machine(place, lang.tag(), !offline, ownership))
        .with_root_context(history)
        .with_root_context(Carrier(Rc::new(MemoryTransport::new(scene.mood))));
    screens.rebuild_in_place();
    settle(&mut screens);
    dioxus_ssr::render(&screens)
}

/// Most turns that a screen may take to come to rest.
const TURNS_MAX: usize = 200;

fn settle(screens: &mut VirtualDom) {
    for _ in 0..TURNS_MAX {
        if screens.wait_for_work().now_or_never().is_none() {
            return;
        }
        screens.render_immediate(&mut dioxus::core::NoOpMutations);
    }
    panic!("the screen never comes to rest");
}

/// The ways in which a window may not own the database.
#[must_use]
pub fn blocked() -> Vec<(&'static str, Ownership)> {
    vec![
        ("blocked-starting", Ownership::Starting),
        ("blocked-elsewhere", Ownership::Elsewhere),
        ("blocked-taken-away", Ownership::TakenAway),
        ("blocked-storage", Ownership::Impossible(StorageProblem::NoFileSystem)),
        ("blocked-stopped", Ownership::Stopped { place: "store.rs:1:1".to_owned() }),
    ]
}

//! Screens in their states, drawn to HTML without a browser.

use std::rc::Rc;

use dioxus::history::{History, MemoryHistory};
use dioxus::prelude::*;
use futures::FutureExt as _;

use super::machine::{Sight, machine};
use super::press::Presser;
use super::transport::{MemoryTransport, Mood};
use crate::app::{App, Carrier, Transport};
use crate::bridge::{Ownership, StorageProblem};
use crate::i18n::Lang;
use crate::platform::{CameraProblem, Fix, LocationProblem};

/// A screen in a state.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// Its name.
    pub name: &'static str,
    /// Its address.
    pub path: &'static str,
    /// What kind of day it is.
    pub mood: Mood,
    /// What the camera does.
    pub sight: Sight,
    /// What was pressed, one after the other, by test id.
    pub pressed: &'static [&'static str],
}

const fn scene(name: &'static str, path: &'static str, mood: Mood) -> Scene {
    Scene { name, path, mood, sight: Sight::Live, pressed: &[] }
}

const fn pressed(
    name: &'static str,
    path: &'static str,
    mood: Mood,
    pressed: &'static [&'static str],
) -> Scene {
    Scene { pressed, ..scene(name, path, mood) }
}

const fn seen(name: &'static str, path: &'static str, mood: Mood, sight: Sight) -> Scene {
    Scene { sight, ..scene(name, path, mood) }
}

const FIRST: &str = "/households/00000000-0000-0000-0000-000000000001";
const DISPUTED: &str = "/households/00000000-0000-0000-0000-000000000002";
const HOUSE: &str = "/entries/00000000-0000-0000-0000-0000000000c9";
const WATER: &str = "/entries/00000000-0000-0000-0000-0000000000d3";
const POST: &str = "/entries/00000000-0000-0000-0000-0000000000dd";
const ISSUE_OPEN: &str = "/entries/00000000-0000-0000-0000-0000000000e7";
const ISSUE_DONE: &str = "/entries/00000000-0000-0000-0000-0000000000e9";
const FORM_HOUSE: &str = "/form/house_inspection/00000000-0000-0000-0000-0000000000c9";
const FORM_WATER: &str = "/form/water_check/00000000-0000-0000-0000-0000000000d3";
const FORM_POST: &str = "/form/attendance/00000000-0000-0000-0000-0000000000dd";
const SHOOTING: &str =
    "/form/house_inspection/00000000-0000-0000-0000-0000000000c9?corrects=&shoot=photo_whole";
const RECORD_HOUSE: &str = "/records/00000000-0000-0000-0000-000000000007";
const FORM: &str = "/form/visit/00000000-0000-0000-0000-000000000001";

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
    pressed("today-tasks", "/", Mood::Cadre, &["part-tasks"]),
    pressed("today-issues", "/", Mood::Cadre, &["part-issues"]),
    pressed("today-sent-back", "/", Mood::Cadre, &["part-sent-back"]),
    pressed("today-drafts", "/", Mood::Cadre, &["part-drafts"]),
    pressed("today-draft-drop", "/", Mood::Cadre, &["part-drafts", "drop-draft"]),
    pressed("today-tasks-none", "/", Mood::Empty, &["part-tasks"]),
    pressed("today-issues-none", "/", Mood::Empty, &["part-issues"]),
    scene("choose-house", "/choose/house_inspection", Mood::Cadre),
    scene("choose-water", "/choose/water_check", Mood::Cadre),
    pressed("choose-water-household", "/choose/water_check", Mood::Cadre, &["choose-household"]),
    scene("choose-post-none", "/choose/attendance", Mood::Empty),
    scene("ledger-house", "/ledger/house", Mood::Cadre),
    scene("ledger-water", "/ledger/water", Mood::Offline),
    scene("ledger-post", "/ledger/post", Mood::Cadre),
    scene("ledger-issue", "/ledger/issue", Mood::Cadre),
    scene("ledger-issue-supervisor", "/ledger/issue", Mood::Supervisor),
    scene("ledger-house-empty", "/ledger/house", Mood::Empty),
    scene("ledger-post-fresh", "/ledger/post", Mood::Fresh),
    scene("ledger-water-broken", "/ledger/water", Mood::Broken),
    scene("ledger-house-loading", "/ledger/house", Mood::Silent),
    scene("entry-house", HOUSE, Mood::Cadre),
    scene("entry-water", WATER, Mood::Cadre),
    scene("entry-post", POST, Mood::Cadre),
    scene("entry-loading", HOUSE, Mood::Silent),
    scene("entry-broken", HOUSE, Mood::Broken),
    scene("issue-open", ISSUE_OPEN, Mood::Cadre),
    scene("issue-to-accept-own", ISSUE_DONE, Mood::Cadre),
    scene("issue-to-accept", ISSUE_DONE, Mood::Supervisor),
    scene("issue-sent-back", "/entries/00000000-0000-0000-0000-0000000000ea", Mood::Cadre),
    scene("issue-closed", "/entries/00000000-0000-0000-0000-0000000000eb", Mood::Cadre),
    scene("sheet", "/sheet/00000000-0000-0000-0000-0000000000dd", Mood::Cadre),
    scene("register-house", "/register/house", Mood::Cadre),
    pressed("register-house-wrong", "/register/house", Mood::Cadre, &["register-save"]),
    pressed("register-house-pick", "/register/house", Mood::Cadre, &["pick-household"]),
    scene("register-water", "/register/water", Mood::Cadre),
    scene("register-post", "/register/post", Mood::Cadre),
    scene("register-issue", "/register/issue?of=00000000-0000-0000-0000-0000000000c9", Mood::Cadre),
    scene("step-rectify", "/step/00000000-0000-0000-0000-0000000000e7/rectify", Mood::Cadre),
    pressed(
        "step-rectify-photo",
        "/step/00000000-0000-0000-0000-0000000000e7/rectify?shoot=after",
        Mood::Cadre,
        &["shutter", "camera-done"],
    ),
    scene("step-accept", "/step/00000000-0000-0000-0000-0000000000e9/accept", Mood::Supervisor),
    pressed(
        "step-send-back-blank",
        "/step/00000000-0000-0000-0000-0000000000e9/send_back",
        Mood::Supervisor,
        &["step-save"],
    ),
    scene("house-new", FORM_HOUSE, Mood::Cadre),
    scene("house-filled", FORM_HOUSE, Mood::Filled),
    pressed("house-tried", FORM_HOUSE, Mood::Cadre, &["choice-outcome-done", "save-house_inspection"]),
    scene("water-filled", FORM_WATER, Mood::Filled),
    scene("post-new", FORM_POST, Mood::Cadre),
    scene("post-filled", FORM_POST, Mood::Filled),
    scene("form-loading", FORM_HOUSE, Mood::Silent),
    scene("camera", SHOOTING, Mood::Filled),
    pressed("camera-shot", SHOOTING, Mood::Filled, &["shutter"]),
    pressed("photo-similar", SHOOTING, Mood::Filled, &["shutter", "camera-done"]),
    seen("camera-opening", SHOOTING, Mood::Filled, Sight::Opening),
    seen("camera-refused", SHOOTING, Mood::Filled, Sight::None(CameraProblem::Refused)),
    seen("camera-absent", SHOOTING, Mood::Offline, Sight::None(CameraProblem::Absent)),
    seen("camera-busy", SHOOTING, Mood::Filled, Sight::None(CameraProblem::Busy)),
    pressed("photo-drop", FORM_HOUSE, Mood::Filled, &["photo-drop"]),
    pressed("viewer", RECORD_HOUSE, Mood::Cadre, &["photo-look"]),
    pressed("viewer-zoomed", RECORD_HOUSE, Mood::Cadre, &["photo-look", "viewer-zoom"]),
    pressed("viewer-none", RECORD_HOUSE, Mood::Cadre, &["photo-look", "viewer-after", "viewer-after"]),
    scene("saved-house", "/saved/00000000-0000-0000-0000-000000000007", Mood::Cadre),
    scene("record-house", RECORD_HOUSE, Mood::Cadre),
    scene("record-water", "/records/00000000-0000-0000-0000-000000000009", Mood::Cadre),
    scene("record-post", "/records/00000000-0000-0000-0000-00000000000a", Mood::Cadre),
    scene("review-detail-house", "/review/00000000-0000-0000-0000-000000000007", Mood::Supervisor),
    scene("review-detail-water", "/review/00000000-0000-0000-0000-000000000009", Mood::Supervisor),
    scene("review-detail-post", "/review/00000000-0000-0000-0000-00000000000a", Mood::Supervisor),
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
    scene("review-withdrawal", "/review/00000000-0000-0000-0000-00000000000c", Mood::Supervisor),
    scene("review-disputed", "/review/00000000-0000-0000-0000-000000000002", Mood::Supervisor),
    scene("review-offline", "/review", Mood::SupervisorOffline),
    scene("conflicts", "/conflicts", Mood::Supervisor),
    scene("decisions-proposals", "/decisions/proposals", Mood::Supervisor),
    scene("decisions-registrations", "/decisions/registrations", Mood::Supervisor),
    scene("decisions-same-code", "/decisions/same_code", Mood::Supervisor),
    scene("decisions-unfit", "/decisions/unfit", Mood::Supervisor),
    scene("decisions-withdrawals", "/decisions/withdrawals", Mood::Supervisor),
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
    draw_by(scene, lang, ownership, &Rc::new(MemoryTransport::new(scene.mood)))
}

/// Draws a scene, answered by this transport.
pub(super) fn draw_by(
    scene: Scene,
    lang: Lang,
    ownership: Ownership,
    transport: &Rc<MemoryTransport>,
) -> String {
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
            received_at_ms: fix.at_ms.unsigned_abs(),
        })
    };
    let history: Rc<dyn History> = Rc::new(MemoryHistory::with_initial_path(scene.path));
    let mut screens = VirtualDom::new(App)
        .with_root_context(machine(place, lang.tag(), !offline, ownership, scene.sight))
        .with_root_context(history)
        .with_root_context(Carrier(Rc::clone(transport) as Rc<dyn Transport>));
    let mut drawn = Presser::default();
    screens.rebuild(&mut drawn);
    settle(&mut screens, &mut drawn);
    for testid in scene.pressed {
        drawn.press(&screens, testid);
        settle(&mut screens, &mut drawn);
    }
    dioxus_ssr::render(&screens)
}

/// Most turns that a screen may take to come to rest.
const TURNS_MAX: usize = 200;

fn settle(screens: &mut VirtualDom, drawn: &mut Presser) {
    for _ in 0..TURNS_MAX {
        if screens.wait_for_work().now_or_never().is_none() {
            return;
        }
        screens.render_immediate(drawn);
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

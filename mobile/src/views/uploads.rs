//! 上传: where each record made here is, how the exchange stands, what needs someone's eye, and the file of last resort.

use bianfang_device::message::{
    EditRow, ExportFile, PhotoRow, Place, Reply, Request, SyncPhase, SyncState, Trouble, Uploads,
};
use dioxus::prelude::*;

use super::households::Pager;
use crate::app::{Route, Shown, use_app, use_ask, use_core};
use crate::components::{
    ActionRow, ConflictCard, Dispute, Empty, Group, Head, Icon, Loading, Note, PhotoShown, PhotoStrip,
    PlaceTag, RecordCell, Sign, TroubleDetail, TroubleLine, TroubleScreen, Weight, trouble_words,
};
use crate::i18n::use_lang;
use crate::photos::Mark;
use crate::platform::use_platform;
use crate::words::{self, reason_words};

fn request(skip: usize) -> Request {
    Request::Uploads { skip }
}

fn read(reply: Reply) -> Option<Uploads> {
    match reply {
        Reply::Uploads(uploads) => Some(uploads),
        _ => None,
    }
}

/// The state of everything made here.
#[component]
pub fn UploadsPage() -> Element {
    let lang = use_lang();
    let mut skip = use_signal(|| 0usize);
    let asked = use_ask(skip(), request, read);
    rsx! {
        Head { title: lang.say("nav-uploads") }
        match asked.shown_or_older() {
            Shown::Loading => rsx! { Loading {} },
            Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
            Shown::Ready(uploads) => rsx! {
                OnlyHere { count: uploads.only_here }
                Exchange {}
                PhotosFailed { rows: uploads.photos_failed.clone() }
                Attention { uploads: (*uploads).clone() }
                Records { uploads: (*uploads).clone() }
                Pager { skip: skip(), more: uploads.more, onskip: move |to| skip.set(to) }
            },
        }
        Export {}
    }
}

/// How many records would be lost with this device: the first thing to see.
#[component]
fn OnlyHere(count: u64) -> Element {
    let lang = use_lang();
    let (class, sign) =
        if count == 0 { ("bf-only bf-only_none", Sign::Cloud) } else { ("bf-only", Sign::Device) };
    rsx! {
        div { class, role: "status", "data-testid": "only-here", "data-count": count.to_string(),
            Icon { sign }
            if count == 0 {
                p { strong { {lang.say("uploads-none-here")} } }
            } else {
                div {
                    p { strong { {lang.with("uploads-only-here", [("n", count.into())])} } }
                    p { {lang.say("uploads-only-here-more")} }
                }
            }
        }
    }
}

fn phase_key(phase: SyncPhase) -> &'static str {
    match phase {
        SyncPhase::Idle => "idle",
        SyncPhase::Greeting => "greeting",
        SyncPhase::Pushing => "pushing",
        SyncPhase::Pulling => "pulling",
        SyncPhase::Photos => "photos",
        SyncPhase::Waiting => "waiting",
        SyncPhase::SignedOut => "signed-out",
    }
}

/// The exchange with the centre, and “立即上传”.
#[component]
fn Exchange() -> Element {
    let (lang, app, core) = (use_lang(), use_app(), use_core());
    let mut trouble = use_signal(|| None::<Trouble>);
    let sync = app.sync.read().clone();
    let busy = matches!(
        sync.phase,
        SyncPhase::Greeting | SyncPhase::Pushing | SyncPhase::Pulling | SyncPhase::Photos
    );
    let phase = phase_key(sync.phase);
    // Between two exchanges something may have been saved: then “nothing to do” would be wrong.
    let unsent = sync.phase == SyncPhase::Idle && sync.to_send > 0;
    let said = if unsent { "phase-unsent".to_owned() } else { format!("phase-{phase}") };
    let upload = move |_| {
        let core = core.clone();
        trouble.set(None);
        spawn(async move {
            if let Err(said) = core.ask(Request::SyncNow).await {
                trouble.set(Some(said));
            }
        });
    };
    rsx! {
        section { class: "bf-panel", "data-testid": "sync", "data-phase": phase, "aria-label": lang.say("sync-title"),
            div { role: "status",
                p { class: "bf-line",
                    if busy {
                        span { class: "weui-loading", "aria-hidden": "true" }
                    } else {
                        Icon { sign: if sync.phase == SyncPhase::Idle && !unsent { Sign::Cloud } else { Sign::Clock } }
                    }
                    strong { {lang.say(&said)} }
                }
                if sync.to_send > 0 {
                    p { "data-testid": "to-send", {lang.with("sync-to-send", [("n", sync.to_send.into())])} }
                }
                PhotosToSend { sync: sync.clone() }
                if sync.phase == SyncPhase::Pulling {
                    Fetching { fetched: sync.fetched, to_fetch: sync.to_fetch }
                }
            }
            p { class: "bf-fine", "data-testid": "last-success",
                match sync.last_success_ms {
                    Some(at_ms) => lang.with("sync-last-success", [("at", words::moment(at_ms).into())]),
                    None => lang.say("sync-never"),
                }
            }
            if let Some(said) = sync.last_trouble.clone().filter(|_| !busy) {
                div { class: "bf-note bf-note_careful", "data-testid": "last-trouble", "data-code": said.code.clone(),
                    Icon { sign: Sign::Warn }
                    div {
                        p { {trouble_words(lang, &said)} }
                        TroubleDetail { trouble: said.clone() }
                    }
                }
            }
            if let Some(at_ms) = sync.next_attempt_ms.filter(|_| !busy) {
                p { class: "bf-fine", "data-testid": "next-attempt", {lang.with("sync-next", [("at", words::time(at_ms).into())])} }
            }
            if let Some(trouble) = trouble() {
                TroubleLine { trouble }
            }
            if sync.phase == SyncPhase::SignedOut {
                Link { class: "weui-btn weui-btn_primary bf-btn bf-btn_main", to: Route::SignInPage {}, "data-testid": "sign-in-again",
                    {lang.say("sign-in-do")}
                }
            } else {
                button {
                    r#type: "button",
                    class: "weui-btn weui-btn_primary bf-btn bf-btn_main",
                    disabled: busy,
                    "data-testid": "upload-now",
                    onclick: upload,
                    Icon { sign: Sign::Upload }
                    {lang.say("sync-now")}
                }
            }
        }
    }
}

/// Photographs on their way, what they wait for, and why they do not go on.
#[component]
fn PhotosToSend(sync: SyncState) -> Element {
    let lang = use_lang();
    let count = sync.photos_to_send;
    if count == 0 {
        return rsx! {};
    }
    let size = words::size(sync.photo_bytes_to_send);
    rsx! {
        p { "data-testid": "photos-to-send", "data-count": count.to_string(),
            {lang.with("sync-photos-to-send", [("n", count.into()), ("size", size.into())])}
        }
        if sync.photos_wait_for_wifi {
            p { class: "bf-fine bf-hang", "data-testid": "photos-wait-for-wifi",
                Icon { sign: Sign::Clock }
                {lang.say("sync-photos-wait")}
            }
        }
        if let Some(trouble) = sync.photo_trouble.clone() {
            div { class: "bf-note bf-note_careful", "data-testid": "photo-trouble", "data-code": trouble.code.clone(),
                Icon { sign: Sign::Warn }
                div {
                    p { {lang.with("sync-photo-trouble", [("why", trouble_words(lang, &trouble).into())])} }
                    TroubleDetail { trouble: trouble.clone() }
                }
            }
        }
    }
}

/// Photographs that cannot be sent, each with its reason. Nothing else waits for them.
#[component]
fn PhotosFailed(rows: Vec<PhotoRow>) -> Element {
    let lang = use_lang();
    if rows.is_empty() {
        return rsx! {};
    }
    let count = rows.len() as u64;
    let photos: Vec<PhotoShown> = rows
        .into_iter()
        .map(|row| PhotoShown {
            photo: row.photo,
            thumbnail: row.thumbnail,
            state: Some(row.state),
            mark: Mark::default(),
            warnings: Vec::new(),
        })
        .collect();
    rsx! {
        section { class: "bf-panel bf-panel_careful", "data-testid": "photos-failed",
            h2 { class: "bf-panel__title",
                Icon { sign: Sign::Warn }
                {lang.with("uploads-photos-failed", [("n", count.into())])}
            }
            p { class: "bf-panel__lead", {lang.say("uploads-photos-failed-more")} }
            PhotoStrip { photos }
        }
    }
}

#[component]
fn Fetching(fetched: u64, to_fetch: Option<u64>) -> Element {
    let lang = use_lang();
    match to_fetch {
        Some(rest) => rsx! {
            div { class: "bf-progress",
                progress { max: "{fetched + rest}", value: "{fetched}", "aria-label": lang.say("phase-pulling") }
                span { {lang.with("sync-fetched-of", [("n", fetched.into()), ("total", (fetched + rest).into())])} }
            }
        },
        None => rsx! { p { {lang.with("sync-fetched", [("n", fetched.into())])} } },
    }
}

/// What somebody has to look at: conflicts, and edits that were set aside.
#[component]
fn Attention(uploads: Uploads) -> Element {
    let (lang, app) = (use_lang(), use_app());
    rsx! {
        if !uploads.conflicts.is_empty() {
            Group { title: lang.with("uploads-conflicts", [("n", (uploads.conflicts.len() as u64).into())]), testid: "conflicts",
                for row in uploads.conflicts.iter() {
                    ConflictCard {
                        key: "{row.entity}{row.field}",
                        of: row.name.clone(),
                        dispute: Dispute {
                            entity: row.entity,
                            ledger: row.ledger,
                            field: row.field.clone(),
                            siblings: row.siblings.clone(),
                            names: app.names_and(&row.names),
                        },
                    }
                }
            }
        }
        if !uploads.edits.is_empty() {
            Group { title: lang.say("uploads-edits"), testid: "edits",
                for edit in uploads.edits.iter() {
                    EditCell { key: "{edit.op}", edit: edit.clone() }
                }
            }
        }
    }
}

#[component]
fn EditCell(edit: EditRow) -> Element {
    let lang = use_lang();
    let reason = match &edit.place {
        Place::SetAside { reason } => Some(reason_words(lang, reason)),
        _ => None,
    };
    rsx! {
        li { class: "bf-row", "data-testid": "edit",
            div { class: "bf-row__body",
                div { class: "bf-line",
                    strong { class: "bf-name", {edit.name.clone()} }
                    span { {lang.or(&format!("edit-{}", edit.kind), &edit.kind)} }
                    span { class: "bf-fine", {words::moment(edit.at_ms)} }
                }
                div { class: "bf-line bf-line_tags", PlaceTag { place: edit.place.clone() } }
                if let Some(reason) = reason {
                    p { class: "bf-said", "data-testid": "reason", {reason} }
                }
            }
        }
    }
}

#[component]
fn Records(uploads: Uploads) -> Element {
    let lang = use_lang();
    if uploads.records.is_empty() {
        return rsx! {
            Empty { sign: Sign::Ledger, title: lang.say("uploads-no-records"), detail: lang.say("uploads-no-records-more"), testid: "no-records" }
        };
    }
    rsx! {
        Group { title: lang.say("uploads-records"), testid: "records",
            for row in uploads.records.iter() {
                RecordCell { key: "{row.id}", row: row.clone() }
            }
        }
    }
}

/// The file of last resort, for a phone that never gets a signal.
#[component]
fn Export() -> Element {
    let (lang, core, shell) = (use_lang(), use_core(), use_platform().shell);
    let mut trouble = use_signal(|| None::<Trouble>);
    let mut done = use_signal(|| None::<ExportFile>);
    let mut busy = use_signal(|| false);
    let export = move |()| {
        let (core, shell) = (core.clone(), shell.clone());
        busy.set(true);
        trouble.set(None);
        spawn(async move {
            match core.ask(Request::ExportOutbox).await {
                Ok(Reply::Export(file)) => {
                    if file.operations > 0 {
                        shell.save_file(&file.name, "application/json", file.text.as_bytes());
                    }
                    done.set(Some(file));
                }
                Ok(_) => (),
                Err(said) => trouble.set(Some(said)),
            }
            busy.set(false);
        });
    };
    rsx! {
        Group { title: lang.say("export-title"), testid: "export",
            ActionRow { testid: "export-do", sign: Sign::Download, words: lang.say("export-do"), onclick: export, busy: busy() }
        }
        p { class: "bf-fine bf-under", {lang.say("export-why")} }
        if let Some(file) = done() {
            Note { weight: Weight::Info, sign: Sign::Check, testid: "export-done",
                if file.operations == 0 {
                    {lang.say("export-nothing")}
                } else {
                    {lang.with("export-done", [("name", file.name.clone().into()), ("n", file.operations.into())])}
                }
            }
        }
        if let Some(trouble) = trouble() {
            TroubleLine { trouble }
        }
    }
}

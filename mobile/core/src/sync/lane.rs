//! The lane of photographs: beside the exchange of records, never ahead of it. One after another they are asked about,
//! begun, looked for after any break and sent on from the very byte where it broke. One that cannot go on lets the
//! next one pass. Does no I/O; see [`super`].

mod tus;

use super::flight::Flight;
use super::request::{post, read_json};
use super::{Answer, GREETING_MS, SyncError, Ticket, backoff};
use crate::message::Trouble;
use crate::platform::{HttpError, HttpRequest, Platform};
use crate::store::photos::{self, PhotoName};
use crate::store::spool::{Spool, ToSend};
use crate::store::{Store, StoreError};
use bianfang_shared::id::Epoch;
use bianfang_shared::wire::{PHOTO_PROOFS_MAX, PHOTOS_HELD_MAX, PhotosHeldReply, PhotosHeldRequest};
use std::collections::BTreeSet;

/// Bytes of a photograph in one request. On the slowest signal that carries anything they pass before the answer is
/// given up, and no more than this is ever sent twice.
pub const CHUNK_BYTES: u64 = 256 * 1024;
/// So often in a row may a photograph's requests be lost before another one is tried.
const LOST_IN_A_ROW_MAX: u32 = 3;
/// So often may the bytes of a photograph arrive as others before it is given up.
const SPOILT_MAX: u32 = 3;
/// How the centre calls that.
const WRONG_HASH: &str = "wrong_hash";
/// Photographs that the spool is told of at once.
const TOLD_AT_ONCE: usize = 200;

/// What the lane has in hand.
#[derive(Debug, Default)]
pub(super) struct Lane {
    flight: Option<Flight<What>>,
    /// When the next request may go, by the monotonic clock.
    due_ms: i64,
    failures: u32,
    trouble: Option<Trouble>,
    /// The photograph of which the centre has just said how far it is. After any break that has to be asked anew.
    sure: Option<PhotoName>,
    /// Requests lost in a row.
    lost: u32,
    /// An upload that is whole by its length; whether the photograph is held is still to be asked.
    to_confirm: Option<PhotoName>,
    /// A photograph that was sent whole, and nothing was heard. Whether it is held is asked before it is sent again.
    unheard: Option<PhotoName>,
    /// Up to which row of the spool was asked what the centre holds, and until when that is believed.
    asked_no: i64,
    asked_until_ms: i64,
    pub(super) network: Network,
}

/// What is known and wanted of the network.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Network {
    /// The person's choice: only over a connection that costs nothing.
    pub(super) wifi_only: bool,
    /// What the platform says of it.
    pub(super) metered: Option<bool>,
    /// “Upload now”: this time whatever it costs, until all is sent.
    pub(super) anyhow: bool,
}

impl Network {
    /// Whether bytes of photographs have to wait. What the platform does not tell may cost money.
    pub(super) fn waits(self) -> bool {
        self.wifi_only && !self.anyhow && self.metered != Some(false)
    }
}

#[derive(Debug)]
enum What {
    /// Which of these are held? Asked up to this row.
    Held {
        names: Vec<PhotoName>,
        up_to: i64,
    },
    /// Begun with so many bytes.
    Create {
        photo: ToSend,
        bytes: u64,
    },
    Look {
        photo: ToSend,
        url: String,
    },
    Send {
        photo: ToSend,
        url: String,
        bytes: u64,
    },
}

/// What the lane wants.
pub(super) enum LaneStep {
    Send(HttpRequest),
    Wait { until_ms: i64 },
    Nothing,
}

impl Lane {
    /// The request under way.
    pub(super) fn under_way(&self) -> Option<Ticket> {
        self.flight.as_ref().map(|flight| flight.ticket)
    }

    /// Whether bytes of a photograph are under way.
    pub(super) fn is_sending(&self) -> bool {
        self.flight.as_ref().is_some_and(|flight| !matches!(flight.what, What::Held { .. }))
    }

    /// Why it does not go on.
    pub(super) fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// Whoever signs in or out begins anew.
    pub(super) fn forget(&mut self) {
        *self = Self { network: Network { anyhow: false, ..self.network }, ..Self::default() };
    }

    /// At once, whatever the waiting time.
    pub(super) fn hurry(&mut self, now_ms: i64) {
        if self.flight.as_ref().is_some_and(|flight| flight.outlasts_patience(now_ms)) {
            self.flight = None;
            self.sure = None;
        }
        self.failures = 0;
        self.asked_until_ms = i64::MIN;
        self.due_ms = self.due_ms.min(now_ms);
    }

    /// What to do next, once records have gone. A request is under the ticket that is handed in.
    pub(super) fn next(
        &mut self,
        (store, spool): (&mut Store, &mut Spool),
        platform: &Platform,
        (token, epoch): (&str, Epoch),
        ticket: Ticket,
    ) -> LaneStep {
        let now_ms = platform.clock.monotonic_ms();
        if let Some(flight) = &self.flight {
            let lease_ms = flight.lease_ms();
            if now_ms < lease_ms {
                return LaneStep::Wait { until_ms: lease_ms };
            }
            self.receive(spool, platform, Err(HttpError::Timeout)).ok();
        }
        if now_ms < self.due_ms {
            return LaneStep::Wait { until_ms: self.due_ms };
        }
        loop {
            let what = match self.choose((store, spool), now_ms, epoch) {
                Ok(Some(what)) => what,
                Ok(None) => {
                    // All is sent, or waits for Wi-Fi: “upload now” has been obeyed, and nothing is wrong any more.
                    self.network.anyhow = false;
                    self.trouble = None;
                    return LaneStep::Nothing;
                }
                Err(error) => return self.fail(platform, error.into(), 0),
            };
            match (request(spool, token, &what), what.photo()) {
                (Ok(request), _) => {
                    self.flight = Some(Flight { ticket, sent_ms: now_ms, what });
                    return LaneStep::Send(request);
                }
                // Its bytes are not those that its name says: it is given up, and the next one goes. So this ends.
                (Err(error), Some(photo)) if error.is_damage() => {
                    let trouble = crate::core::trouble("photo_damaged", &error.to_string(), false);
                    if let Err(error) = spool.failed_for_ever(photo.name, &trouble) {
                        return self.fail(platform, error.into(), 0);
                    }
                }
                (Err(error), _) => return self.fail(platform, error.into(), 0),
            }
        }
    }

    fn choose(
        &mut self,
        (store, spool): (&mut Store, &mut Spool),
        now_ms: i64,
        epoch: Epoch,
    ) -> Result<Option<What>, StoreError> {
        tell(store, spool)?;
        spool.enter_epoch(epoch)?;
        if let Some(name) = self.to_confirm.or(self.unheard) {
            return Ok(Some(What::Held { names: vec![name], up_to: self.asked_no }));
        }
        if now_ms >= self.asked_until_ms {
            self.asked_no = 0;
            self.asked_until_ms = now_ms.saturating_add(GREETING_MS);
        }
        let mut unheld = spool.unheld(self.asked_no, PHOTOS_HELD_MAX)?;
        if unheld.iter().any(|kept| !kept.here) {
            unheld.truncate(PHOTO_PROOFS_MAX);
        }
        if let Some(last) = unheld.last() {
            let up_to = last.no;
            return Ok(Some(What::Held { names: unheld.into_iter().map(|kept| kept.name).collect(), up_to }));
        }
        if self.network.waits() {
            return Ok(None);
        }
        let Some(photo) = spool.next_to_send()? else { return Ok(None) };
        let rest = |from| CHUNK_BYTES.min(photo.bytes.saturating_sub(from));
        Ok(Some(match photo.url.clone() {
            None => What::Create { bytes: rest(0), photo },
            Some(url) if self.sure != Some(photo.name) => What::Look { photo, url },
            Some(url) => What::Send { bytes: rest(photo.sent), photo, url },
        }))
    }

    /// Whether an answer to this ticket is waited for.
    pub(super) fn awaits(&self, ticket: Ticket) -> bool {
        self.under_way() == Some(ticket)
    }

    /// Takes what came back for the request under way. True if a list may look different; how far a picture has come
    /// stands in the state of the exchange.
    pub(super) fn receive(
        &mut self,
        spool: &mut Spool,
        platform: &Platform,
        answer: Answer,
    ) -> Result<bool, SyncError> {
        let Some(flight) = self.flight.take() else { return Ok(false) };
        let unheard = self.unheard;
        let taken = match &flight.what {
            What::Held { names, up_to } => self.take_held(spool, platform, names, *up_to, answer),
            What::Create { photo, bytes } => self.take_created(spool, platform, photo, *bytes, answer),
            What::Look { photo, url } => self.take_offset(spool, photo, url, answer),
            What::Send { photo, url, bytes } => self.take_sent(spool, platform, photo, url, *bytes, answer),
        };
        match taken {
            Ok(changed) => {
                // That a small question passes says nothing of the bytes that did not: they wait longer each time.
                match &flight.what {
                    What::Create { .. } | What::Send { .. } => {
                        (self.failures, self.lost, self.trouble) = (0, 0, None);
                    }
                    What::Held { .. } if unheard.is_none() => (self.failures, self.trouble) = (0, None),
                    What::Held { .. } | What::Look { .. } => (),
                }
                Ok(changed)
            }
            Err(SyncError::SignedOut) => Err(SyncError::SignedOut),
            Err(error) => {
                self.sure = None;
                let attempts = flight.what.photo().map_or(0, |photo| photo.attempts);
                let changed = self.set_back(spool, &flight.what, &error);
                let failed_for_ever = matches!(changed, Ok(true));
                if !failed_for_ever {
                    self.fail(platform, error, attempts);
                }
                if let Err(error) = changed {
                    self.fail(platform, error.into(), attempts);
                }
                Ok(failed_for_ever)
            }
        }
    }

    fn take_held(
        &mut self,
        spool: &mut Spool,
        platform: &Platform,
        names: &[PhotoName],
        up_to: i64,
        answer: Answer,
    ) -> Result<bool, SyncError> {
        let reply: PhotosHeldReply = read_json(answer)?;
        let held: BTreeSet<PhotoName> = reply.held.iter().filter_map(|text| PhotoName::parse(text)).collect();
        let (held, not): (Vec<PhotoName>, Vec<PhotoName>) =
            names.iter().partition(|name| held.contains(name));
        let before = spool.to_send()?;
        spool.held(&held, platform.clock.wall_ms())?;
        let trouble = crate::core::trouble(
            "photo_lost",
            "neither this phone nor the centre has the picture's bytes",
            false,
        );
        spool.missing(&not, &trouble)?;
        self.asked_no = self.asked_no.max(up_to);
        self.unheard = None;
        if let Some(name) = self.to_confirm.take_if(|name| not.contains(name)) {
            // Whole by its length, and yet not there: that upload is of no use.
            spool.stalled(name, None)?;
            return Err(SyncError::NoProgress("an upload was whole and the photograph is not held"));
        }
        self.to_confirm = None;
        Ok(!held.is_empty() || before != spool.to_send()?)
    }

    fn take_created(
        &mut self,
        spool: &mut Spool,
        platform: &Platform,
        photo: &ToSend,
        bytes: u64,
        answer: Answer,
    ) -> Result<bool, SyncError> {
        let tus::Created { url, sent } = tus::read_created(answer)?;
        if sent == photo.bytes && sent == bytes {
            return self.is_held(spool, platform, photo);
        }
        if sent > bytes && sent < photo.bytes {
            return Err(SyncError::NoProgress("more of a photograph is there than was sent"));
        }
        self.stands_at(spool, photo, &url, sent)
    }

    fn take_offset(
        &mut self,
        spool: &mut Spool,
        photo: &ToSend,
        url: &str,
        answer: Answer,
    ) -> Result<bool, SyncError> {
        let sent = tus::read_offset(answer)?;
        self.stands_at(spool, photo, url, sent)
    }

    /// The centre says how much it has. All of it by its length is not yet a photograph whose hash was found right.
    fn stands_at(
        &mut self,
        spool: &mut Spool,
        photo: &ToSend,
        url: &str,
        sent: u64,
    ) -> Result<bool, SyncError> {
        if sent >= photo.bytes {
            self.to_confirm = Some(photo.name);
        } else {
            spool.went_on(photo.name, url, sent)?;
            self.sure = Some(photo.name);
        }
        Ok(false)
    }

    fn take_sent(
        &mut self,
        spool: &mut Spool,
        platform: &Platform,
        photo: &ToSend,
        url: &str,
        bytes: u64,
        answer: Answer,
    ) -> Result<bool, SyncError> {
        let sent = tus::read_offset(answer)?;
        if sent == photo.bytes && sent == photo.sent + bytes {
            return self.is_held(spool, platform, photo);
        }
        if sent <= photo.sent || sent > photo.sent + bytes {
            return Err(SyncError::NoProgress("a part of a photograph was not taken"));
        }
        spool.went_on(photo.name, url, sent)?;
        Ok(false)
    }

    /// The last part is answered when the hash of the whole was found right, and not before.
    fn is_held(&mut self, spool: &mut Spool, platform: &Platform, photo: &ToSend) -> Result<bool, SyncError> {
        spool.held(&[photo.name], platform.clock.wall_ms())?;
        self.sure = None;
        Ok(true)
    }

    /// What a failure means for the photograph. True if it is given up, so that the next one may go at once.
    fn set_back(&mut self, spool: &mut Spool, what: &What, error: &SyncError) -> Result<bool, StoreError> {
        let Some(photo) = what.photo() else { return Ok(false) };
        if what.brings_all() && error.leaves_open() {
            self.unheard = Some(photo.name);
        }
        match error {
            // The network's fault, not the photograph's; but if it is always this one, let others pass.
            SyncError::Http(_) => {
                self.lost += 1;
                if self.lost.is_multiple_of(LOST_IN_A_ROW_MAX) {
                    spool.stalled(photo.name, photo.url.as_deref())?;
                }
                Ok(false)
            }
            SyncError::Refused(problem) => match (what, problem.status) {
                // This upload is nobody's any more, or its bytes arrived as others.
                (What::Look { .. } | What::Send { .. }, 403 | 404 | 410) => {
                    spool.stalled(photo.name, None).map(|()| false)
                }
                (What::Create { .. } | What::Send { .. }, 422)
                    if problem.code == WRONG_HASH && photo.spoilt < SPOILT_MAX =>
                {
                    spool.spoilt(photo.name).map(|()| false)
                }
                (What::Create { .. } | What::Send { .. }, 422) => {
                    let trouble = Trouble { may_retry: false, ..trouble_of(problem.clone()) };
                    spool.failed_for_ever(photo.name, &trouble).map(|()| true)
                }
                // The centre does not know this lane, or the person's way to it does not.
                (What::Create { .. }, 404 | 405) => Ok(false),
                // Whoever asks is refused, by the centre or by something on the way: as much for every other photograph.
                (_, 402 | 403 | 407 | 451) => Ok(false),
                // Elsewhere than thought, in use, or spoilt on its way: asked where it stands.
                (_, 409 | 412 | 423 | 460) => spool.stalled(photo.name, photo.url.as_deref()).map(|()| false),
                _ if error.is_permanent() => {
                    spool.failed_for_ever(photo.name, &trouble_of(problem.clone())).map(|()| true)
                }
                _ => spool.stalled(photo.name, photo.url.as_deref()).map(|()| false),
            },
            SyncError::Store(_) | SyncError::SignedOut | SyncError::Blocked(_) | SyncError::Forked => {
                Ok(false)
            }
            SyncError::Unreadable(_) | SyncError::NoProgress(_) => {
                spool.stalled(photo.name, photo.url.as_deref()).map(|()| false)
            }
        }
    }

    fn fail(&mut self, platform: &Platform, error: SyncError, attempts: u32) -> LaneStep {
        let delay_ms = backoff::delay_ms(self.failures.max(attempts), platform);
        self.due_ms = platform.clock.monotonic_ms().saturating_add(delay_ms);
        self.failures = self.failures.saturating_add(1);
        self.trouble = Some(error.into());
        LaneStep::Wait { until_ms: self.due_ms }
    }
}

impl What {
    fn photo(&self) -> Option<&ToSend> {
        match self {
            Self::Held { .. } => None,
            Self::Create { photo, .. } | Self::Look { photo, .. } | Self::Send { photo, .. } => Some(photo),
        }
    }

    /// Whether it begins and ends an upload in one.
    fn brings_all(&self) -> bool {
        matches!(self, Self::Create { photo, bytes } if *bytes == photo.bytes)
    }
}

fn trouble_of(problem: bianfang_shared::wire::Problem) -> Trouble {
    SyncError::Refused(problem).into()
}

fn request(spool: &Spool, token: &str, what: &What) -> Result<HttpRequest, StoreError> {
    Ok(match what {
        What::Held { names, .. } => {
            let mut body = PhotosHeldRequest::of(names.iter().map(PhotoName::to_string));
            for name in names.iter().take(PHOTO_PROOFS_MAX) {
                let proof = spool.proof(*name)?;
                body.proofs.extend(proof.map(|proof| (name.to_string(), proof)));
            }
            post("/api/v1/photos/held", Some(token), &body)
        }
        What::Create { photo, bytes } => {
            // Once for each upload: what was kept is what is sent.
            let mut jpeg = spool.jpeg(photo.name)?.unwrap_or_default();
            if PhotoName::of(&jpeg) != photo.name {
                let detail = "its bytes are not those that were kept".to_owned();
                return Err(StoreError::Unreadable { what: "picture", detail });
            }
            jpeg.truncate(usize::try_from(*bytes).unwrap_or(usize::MAX));
            tus::create(token, photo, jpeg)
        }
        What::Look { url, .. } => tus::look(token, url),
        What::Send { photo, url, bytes } => {
            tus::send(token, url, photo.sent, spool.part(photo.name, photo.sent, *bytes)?)
        }
    })
}

/// Tells the spool which photographs own operations name. Two databases have no transaction in common, so the spool is
/// told first, and what it was told is written down afterwards: told twice is told once.
pub(crate) fn tell(store: &mut Store, spool: &mut Spool) -> Result<(), StoreError> {
    if !spool.has_begun()? {
        store.write(photos::forget_spooled)?;
        spool.begin()?;
    }
    loop {
        let named = photos::to_spool(store.read(), TOLD_AT_ONCE)?;
        if named.is_empty() {
            break;
        }
        spool.name(&named)?;
        store.write(|tx| photos::spooled(tx, &named))?;
    }
    offer(store, spool)
}

/// A picture that is only in a form in hand, or of one that was thrown away, may be the one that somebody else's record
/// names and the centre misses: it is offered like an own one.
fn offer(store: &Store, spool: &mut Spool) -> Result<(), StoreError> {
    let mut after_no = 0;
    loop {
        let unnamed = spool.unnamed(after_no, TOLD_AT_ONCE)?;
        let Some(last) = unnamed.last() else { return Ok(()) };
        after_no = last.no;
        let mut named = Vec::new();
        for kept in &unnamed {
            named.extend(photos::naming(store.read(), kept.name)?);
        }
        if !named.is_empty() {
            spool.name(&named)?;
        }
    }
}

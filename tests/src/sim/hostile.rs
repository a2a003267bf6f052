//! A phone in the wrong hands: enrolled, signed in, with grants of a cadre, and sending whatever it likes. It knows
//! the ids of everything, and remembers every byte that it was answered. Judges nothing: what must not happen is
//! said in the world's verdict.

mod chain;
mod pictures;
mod requests;
mod weapons;

use super::centre::{Answer, Centre};
use super::dice::Dice;
use crate::grammar::Known;
use bianfang_shared::area::AreaCode;
use bianfang_shared::chain::{DeviceKey, Head};
use bianfang_shared::id::{DeviceId, Epoch, UserId};
use bianfang_shared::wire::{LoginReply, LoginRequest, Session};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

pub use weapons::Weapons;

/// Its login.
pub const LOGIN: &str = "login-hostile";
/// Most things it does at one moment.
const ACTS_MAX: usize = 4;

/// What it asked and was answered.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The method.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// What was sent.
    pub sent: Vec<u8>,
    /// The photograph whose upload it begins.
    pub begins: Option<String>,
    /// The answer.
    pub answer: Answer,
}

/// The hostile phone.
#[derive(Debug)]
pub struct Hostile {
    /// The person.
    pub user: UserId,
    /// The villages granted.
    pub villages: Vec<AreaCode>,
    /// What it does.
    pub weapons: Weapons,
    /// All its devices so far, the present one last.
    pub devices: Vec<DeviceId>,
    /// Everything that it was answered, equal answers once.
    pub heard: Vec<Heard>,
    /// Names of photographs whose bytes it brought.
    pub brought: BTreeSet<String>,
    /// Answers that tell of a failure inside the centre.
    pub amiss: Vec<String>,
    /// Addresses of the uploads that it began.
    pub uploads: Vec<String>,
    dice: Dice,
    password: &'static str,
    key: DeviceKey,
    token: Option<String>,
    epoch: Option<Epoch>,
    /// Every operation of the present device, with the head after it.
    chain: Vec<(Box<RawValue>, Head)>,
    /// How many of them the centre has, as far as it said.
    held: usize,
    /// Where to go on reading each village.
    cursors: BTreeMap<AreaCode, u64>,
    pictures: u64,
    told: BTreeSet<u64>,
    story: Vec<String>,
}

impl Hostile {
    /// A phone of this person, not signed in yet.
    pub fn new(
        user: UserId,
        villages: Vec<AreaCode>,
        weapons: Weapons,
        password: &'static str,
        dice: Dice,
    ) -> Self {
        Self {
            user,
            villages,
            weapons,
            devices: vec![device(1)],
            heard: Vec::new(),
            brought: BTreeSet::new(),
            amiss: Vec::new(),
            uploads: Vec::new(),
            dice,
            password,
            key: key(1),
            token: None,
            epoch: None,
            chain: Vec::new(),
            held: 0,
            cursors: BTreeMap::new(),
            pictures: 0,
            told: BTreeSet::new(),
            story: Vec::new(),
        }
    }

    /// Does a few things. Answers what it did, one line each.
    pub fn act(&mut self, centre: &Centre, known: &Known, now_ms: i64) -> Vec<String> {
        if self.token.is_none() {
            self.sign_in(centre);
        }
        for _ in 0..self.dice.below(ACTS_MAX + 1) {
            let weapons = self.weapons;
            match self.dice.below(16) {
                0..=6 if weapons.sends_operations() => self.send_operations(centre, known, now_ms),
                7 | 8 if weapons.chains => self.break_chain(centre, known, now_ms),
                9..=11 if weapons.photographs => self.photograph(centre, known),
                12..=15 if weapons.requests => self.ask(centre, known),
                _ => self.read_along(centre),
            }
        }
        std::mem::take(&mut self.story)
    }

    /// Hands over its whole chain once more, as after the centre was put back.
    pub fn send_again(&mut self, centre: &Centre) -> Vec<String> {
        if self.token.is_none() {
            self.sign_in(centre);
        }
        self.ask_session(centre);
        self.held = 0;
        self.push_rest(centre);
        std::mem::take(&mut self.story)
    }

    fn this_device(&self) -> DeviceId {
        *self.devices.last().expect("it has one from the beginning")
    }

    fn sign_in(&mut self, centre: &Centre) {
        let request = LoginRequest {
            user: LOGIN.to_owned(),
            password: self.password.to_owned(),
            device: self.this_device(),
            public_key: self.key.public(),
            label: "\u{202e}phone".to_owned(),
        };
        let body = serde_json::to_vec(&request).expect("a message has a JSON form");
        if let Some(answer) = self.say(centre, "POST", "/api/v1/login", &[], body)
            && let Ok(reply) = serde_json::from_slice::<LoginReply>(&answer.body)
        {
            self.token = Some(reply.token);
            self.note_session(&reply.session);
        }
    }

    fn ask_session(&mut self, centre: &Centre) {
        if let Some(answer) = self.say(centre, "GET", "/api/v1/session", &[], Vec::new())
            && let Ok(session) = serde_json::from_slice::<Session>(&answer.body)
        {
            self.note_session(&session);
        }
    }

    fn note_session(&mut self, session: &Session) {
        if self.epoch.replace(session.epoch) != Some(session.epoch) {
            self.cursors.clear();
        }
        self.held = usize::try_from(session.chain.last_seq).unwrap_or(usize::MAX).min(self.chain.len());
    }

    /// Sends a request, keeps the answer, and notes what no answer may be.
    fn say(
        &mut self,
        centre: &Centre,
        method: &'static str,
        path: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Option<Answer> {
        let mut headers: Vec<(&str, String)> = headers.to_vec();
        headers.extend(self.token.iter().map(|token| ("authorization", format!("Bearer {token}"))));
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let asked = || format!("{method} {}", path.chars().take(120).collect::<String>());
        let answer = match centre.say(method, path, &headers, &body) {
            Ok(answer) => answer?,
            Err(panic) => {
                self.amiss.push(format!("{}: panics: {panic}", asked()));
                return None;
            }
        };
        if answer.status >= 500 {
            self.amiss.push(format!(
                "{}: {} {}",
                asked(),
                answer.status,
                String::from_utf8_lossy(&answer.body)
            ));
        }
        if answer.status == 401 && path != "/api/v1/login" {
            self.token = None;
        }
        // Metrics tell how long things took, which is another in every run.
        let told: &[u8] = if path.starts_with("/metrics") { b"" } else { &answer.body };
        let digest = bianfang_shared::chain::extend_checksum(u64::from(answer.status), told);
        self.story.push(format!("the hostile phone: {}: {} {digest:016x}", asked(), answer.status));
        if self.told.insert(digest) {
            let sent = if body.len() <= 4_096 { body } else { Vec::new() };
            self.heard.push(Heard {
                method,
                path: path.to_owned(),
                sent,
                begins: None,
                answer: answer.clone(),
            });
        }
        Some(answer)
    }
}

fn device(number: u64) -> DeviceId {
    let mut bytes = [0xbd; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    DeviceId::from_bytes(bytes)
}

fn key(number: u64) -> DeviceKey {
    let mut seed = [0xb5; 32];
    seed[24..].copy_from_slice(&number.to_be_bytes());
    DeviceKey::from_seed(&seed)
}

//! A device without a device core: makes operations by hand and sends them. For seeding a centre, for load, and
//! for saying what no honest client would say.

use bianfang_shared::area::AreaCode;
use bianfang_shared::chain::{DeviceKey, Head};
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, Epoch, OpId, UserId};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::wire::{LoginRequest, PushRequest};
use serde_json::value::RawValue;

/// A device's chain, kept in memory from its beginning: what was sent and lost can be sent again.
#[derive(Debug)]
pub struct Maker {
    /// The device.
    pub device: DeviceId,
    /// Who is signed in.
    pub author: UserId,
    key: DeviceKey,
    /// Every operation with the head after it.
    chain: Vec<(Box<RawValue>, Head)>,
    /// How many of them were put into pushes.
    sent: usize,
    hlc: Hlc,
}

impl Maker {
    /// A new device of this person, told apart by `number`.
    pub fn new(author: UserId, number: u64) -> Self {
        let mut bytes = [0x5a; 16];
        bytes[8..].copy_from_slice(&number.to_be_bytes());
        let mut seed = [0xc3; 32];
        seed[24..].copy_from_slice(&number.to_be_bytes());
        Self {
            device: DeviceId::from_bytes(bytes),
            author,
            key: DeviceKey::from_seed(&seed),
            chain: Vec::new(),
            sent: 0,
            hlc: Hlc::default(),
        }
    }

    /// What signs it in.
    pub fn login(&self, user: &str, password: &str) -> LoginRequest {
        LoginRequest {
            user: user.to_owned(),
            password: password.to_owned(),
            device: self.device,
            public_key: self.key.public(),
            label: "maker".to_owned(),
        }
    }

    /// Makes the next operation; answers its name.
    pub fn make(&mut self, now_ms: i64, scope: AreaCode, body: Body) -> OpId {
        self.hlc = self.hlc.tick(now_ms);
        let seq = self.chain.len() as u64 + 1;
        let op = Op { device: self.device, seq, hlc: self.hlc, author: self.author, scope, body };
        let text = serde_json::to_string(&op).expect("an operation has a JSON form");
        let head = self.head_at(self.chain.len()).extend(text.as_bytes());
        self.chain.push((RawValue::from_string(text).expect("it is JSON"), head));
        op.id()
    }

    fn head_at(&self, ops: usize) -> Head {
        ops.checked_sub(1).map_or(Head::EMPTY, |last| self.chain[last].1)
    }

    /// How many operations wait for a push.
    pub fn pending(&self) -> usize {
        self.chain.len() - self.sent
    }

    /// Everything after the first `held` operations is to be sent again.
    pub fn rewind(&mut self, held: u64) {
        self.sent = usize::try_from(held).unwrap_or(usize::MAX).min(self.chain.len());
    }

    /// The next push, of at most `ops_max` operations; none where nothing waits.
    pub fn push(&mut self, epoch: Epoch, ops_max: usize) -> Option<PushRequest> {
        let last = self.chain.len().min(self.sent + ops_max);
        let ops: Vec<_> = self.chain[self.sent..last].iter().map(|(raw, _)| raw.clone()).collect();
        if ops.is_empty() {
            return None;
        }
        let first_seq = self.sent as u64 + 1;
        self.sent = last;
        let head = self.head_at(last);
        Some(PushRequest {
            epoch,
            first_seq,
            ops,
            head,
            signature: self.key.sign(self.device, head),
            acknowledged_seq: None,
        })
    }
}

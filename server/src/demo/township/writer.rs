//! Numbers operations as the devices of a village would: each person one device, each device its own unbroken order.

use super::dice::Dice;
use bianfang_shared::area::AreaCode;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, UserId};
use bianfang_shared::op::{Body, Op};
use std::collections::BTreeMap;

/// Writes operations of one village.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    seed: u64,
    village: AreaCode,
    devices: BTreeMap<UserId, Chain>,
}

#[derive(Clone, Debug)]
struct Chain {
    device: DeviceId,
    last_seq: u64,
    clock: Hlc,
}

impl Writer {
    pub(super) fn new(seed: u64, village: AreaCode) -> Self {
        Self { seed, village, devices: BTreeMap::new() }
    }

    /// The next operation of `author`, made at `at_ms`.
    pub(super) fn write(&mut self, author: UserId, at_ms: i64, body: Body) -> Op {
        let (seed, village) = (self.seed, self.village);
        let chain = self.devices.entry(author).or_insert_with(|| Chain {
            device: device_of(seed, village, author),
            last_seq: 0,
            clock: Hlc::default(),
        });
        chain.last_seq += 1;
        chain.clock = chain.clock.tick(at_ms);
        Op { device: chain.device, seq: chain.last_seq, hlc: chain.clock, author, scope: village, body }
    }
}

fn device_of(seed: u64, village: AreaCode, author: UserId) -> DeviceId {
    let bytes = author.bytes();
    let tail = u64::from_be_bytes(bytes[8..].try_into().expect("eight of sixteen bytes"));
    DeviceId::from_bytes(Dice::new(seed ^ tail, village.number()).sixteen_bytes())
}

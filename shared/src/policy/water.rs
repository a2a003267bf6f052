//! When drinking water is good enough.

use super::BadPolicy;
use crate::area::AreaCode;
use crate::ledger::water_supply;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// When drinking water is good enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaterPolicy {
    /// Counts up with every change.
    pub version: u32,
    /// 水量.
    pub quantity: QuantityPolicy,
    /// 水质.
    pub quality: QualityPolicy,
    /// 方便程度.
    pub convenience: ConveniencePolicy,
    /// 保证率.
    pub reliability: ReliabilityPolicy,
    /// Field readings, by the key of their question.
    pub readings: BTreeMap<String, ReadingPolicy>,
}

/// How much water, in litres for each person and day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantityPolicy {
    /// From this on it is met.
    pub met_l: f64,
    /// From this on it is basically met.
    pub basic_l: f64,
    /// The same where water is scarce.
    pub scarce_met_l: f64,
    /// The same where water is scarce.
    pub scarce_basic_l: f64,
    /// Areas that are water-scarce as a whole.
    pub scarce_areas: Vec<AreaCode>,
    /// Where the numbers come from.
    pub source: String,
}

/// How clean the water is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualityPolicy {
    /// Kinds of supply for which the senses suffice; others need a test report.
    pub senses_suffice: Vec<String>,
    /// Where this comes from.
    pub source: String,
}

/// How far the water is to fetch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConveniencePolicy {
    /// As far as this, there and back, it is met.
    pub met_minutes: f64,
    /// As far as this it is basically met.
    pub basic_minutes: f64,
    /// Or as far as this on level ground.
    pub basic_distance_m: f64,
    /// Or as far as this in height.
    pub basic_height_m: f64,
    /// Where the numbers come from.
    pub source: String,
}

/// On how much of the year there is enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReliabilityPolicy {
    /// From this on it is met.
    pub met_percent: f64,
    /// From this on it is basically met.
    pub basic_percent: f64,
    /// Where the numbers come from.
    pub source: String,
}

/// What a field reading should be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingPolicy {
    /// Kinds of supply at which it says anything; empty for all. Nobody puts chlorine into a spring.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Of water leaving a supply.
    pub supply: Range,
    /// At the tap.
    pub household: Range,
    /// Of small works and dispersed supplies, instead of both.
    #[serde(default)]
    pub small: Option<Range>,
    /// Where the numbers come from.
    pub source: String,
}

/// From one number to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
}

impl WaterPolicy {
    pub(super) fn check(&self) -> Result<(), BadPolicy> {
        let bad = |detail: &str| Err(BadPolicy::new("water", detail));
        let (quantity, convenience) = (&self.quantity, &self.convenience);
        let falling = quantity.met_l >= quantity.basic_l
            && quantity.scarce_met_l >= quantity.scarce_basic_l
            && self.reliability.met_percent >= self.reliability.basic_percent
            && convenience.met_minutes <= convenience.basic_minutes;
        if !falling {
            return bad("what is met asks for less than what is basically met");
        }
        let ranges = self.readings.values().flat_map(|reading| {
            [Some(reading.supply), Some(reading.household), reading.small].into_iter().flatten()
        });
        if ranges.into_iter().any(|range| range.min > range.max) {
            return bad("a range of readings ends before it begins");
        }
        let kinds =
            self.readings.values().flat_map(|reading| &reading.kinds).chain(&self.quality.senses_suffice);
        match kinds.into_iter().find(|kind| !water_supply::KINDS.contains(&kind.as_str())) {
            Some(kind) => bad(&format!("there is no kind of supply called {kind}")),
            None => Ok(()),
        }
    }
}

//! Measures the real server through HTTP on loopback and the real device core, and says so in one JSON line each.
//! Judges nothing: the figures stand in the README with the machine they were measured on.

pub mod centre;
pub mod device;
pub mod load;
pub mod photos;
pub mod uploads;

use serde_json::{Value, json};

/// One figure.
#[derive(Debug)]
pub struct Figure {
    /// What was measured.
    pub name: &'static str,
    /// The figure.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What it was measured with.
    pub with: Value,
}

impl Figure {
    /// The JSON line.
    pub fn line(&self) -> String {
        json!({ "name": self.name, "value": round(self.value), "unit": self.unit, "with": self.with })
            .to_string()
    }
}

fn round(value: f64) -> f64 {
    if value >= 100.0 { value.round() } else { (value * 1000.0).round() / 1000.0 }
}

/// The value below which this part of the measured ones lies.
pub fn percentile(measured: &mut [f64], part: f64) -> f64 {
    measured.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let at = ((measured.len() as f64 * part) as usize).min(measured.len().saturating_sub(1));
    measured.get(at).copied().unwrap_or_default()
}

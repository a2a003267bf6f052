//! A drawn plan of where a record was made against where the household is: needs no map and no network.

use bianfang_shared::evidence::distance_m;
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::policy::Policy;
use dioxus::prelude::*;

use crate::i18n::use_lang;
use crate::words;

/// Half the width of the drawing, in its own units.
const HALF: f64 = 150.0;
/// How much of that is used, so that nothing touches the edge.
const USED: f64 = 130.0;
/// Metres in a degree of latitude on the sphere that distances are measured on.
const DEGREE_M: f64 = 111_195.0;
/// Lengths that a scale bar may have, in metres.
const SCALES_M: [f64; 14] = [
    10.0,
    20.0,
    50.0,
    100.0,
    200.0,
    500.0,
    1_000.0,
    2_000.0,
    5_000.0,
    10_000.0,
    20_000.0,
    50_000.0,
    100_000.0,
    1_000_000.0,
];

/// The drawing's measures. Pure.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Layout {
    /// Units for a metre.
    scale: f64,
    /// The fix, in metres east and north of the anchor.
    east_m: f64,
    north_m: f64,
    /// Length of the scale bar in metres.
    bar_m: f64,
}

impl Layout {
    fn of(anchor: Point, fix: Point) -> Self {
        // Flat around the anchor: wrong by less than a part in a thousand over the distances drawn.
        let north_m = (fix.lat - anchor.lat) * DEGREE_M;
        let east_m = (fix.lon - anchor.lon) * DEGREE_M * anchor.lat.to_radians().cos();
        let reach_m = (north_m.hypot(east_m) + fix.accuracy_m).max(anchor.accuracy_m).max(reach_m_min());
        let scale = USED / reach_m;
        let bar_m = SCALES_M.into_iter().rev().find(|bar| bar * scale <= HALF * 0.8).unwrap_or(SCALES_M[0]);
        Self { scale, east_m, north_m, bar_m }
    }

    fn x(&self) -> f64 {
        HALF + self.east_m * self.scale
    }

    fn y(&self) -> f64 {
        HALF - self.north_m * self.scale
    }
}

/// The least that the drawing shows from its middle: the ring within which a record counts as being there.
fn reach_m_min() -> f64 {
    Policy::builtin().evidence.distance_m.pass * 1.1
}

/// The rings within which a record counts as being there, or nearly. An attendance is judged by the area worked, whatever
/// its shape: rings would say of it what does not hold.
fn rings(kind: ObservationKind) -> Vec<(&'static str, f64)> {
    let limits = &Policy::builtin().evidence.distance_m;
    match kind {
        ObservationKind::Attendance => Vec::new(),
        _ => vec![("bf-plan__ring_pass", limits.pass), ("bf-plan__ring_doubt", limits.doubt)],
    }
}

/// The plan: north is up, the household, house, supply or post in the middle.
#[component]
pub fn Plan(anchor: Point, fix: Point, kind: ObservationKind) -> Element {
    let lang = use_lang();
    let layout = Layout::of(anchor, fix);
    let distance = words::distance(lang, distance_m(anchor, fix));
    let accuracy = words::distance(lang, fix.accuracy_m);
    let told =
        lang.with("plan-label", [("distance", distance.clone().into()), ("accuracy", accuracy.into())]);
    let (x, y, scale) = (layout.x(), layout.y(), layout.scale);
    let (bar, bar_words) = (layout.bar_m * scale, words::distance(lang, layout.bar_m));
    rsx! {
        figure { class: "bf-plan", "data-testid": "plan",
            svg { view_box: "0 0 300 300", role: "img", "aria-label": told.clone(),
                rect { class: "bf-plan__ground", x: "0", y: "0", width: "300", height: "300" }
                for (class , limit) in rings(kind) {
                    circle { key: "{class}", class: "bf-plan__ring {class}", cx: "150", cy: "150", r: "{limit * scale:.1}" }
                    text { class: "bf-plan__label", x: "150", y: "{HALF - limit * scale - 4.0:.1}", {words::distance(lang, limit)} }
                }
                circle { class: "bf-plan__spread", cx: "150", cy: "150", r: "{anchor.accuracy_m * scale:.1}" }
                line { class: "bf-plan__way", x1: "150", y1: "150", x2: "{x:.1}", y2: "{y:.1}" }
                circle { class: "bf-plan__accuracy", cx: "{x:.1}", cy: "{y:.1}", r: "{fix.accuracy_m * scale:.1}" }
                path { class: "bf-plan__anchor", d: "M140 152l10-9 10 9v9h-20z" }
                circle { class: "bf-plan__fix", cx: "{x:.1}", cy: "{y:.1}", r: "6" }
                path { class: "bf-plan__north", d: "M280 36V12M274 20l6-9 6 9" }
                text { class: "bf-plan__label", x: "280", y: "50", {lang.say("plan-north")} }
                path { class: "bf-plan__bar", d: "M14 282v6h{bar:.1}v-6" }
                text { class: "bf-plan__label bf-plan__label_left", x: "14", y: "277", {bar_words} }
            }
            figcaption { class: "bf-plan__legend",
                span { class: "bf-plan__key bf-plan__key_anchor", {lang.say("plan-anchor")} }
                span { class: "bf-plan__key bf-plan__key_fix", {lang.say("plan-fix")} }
                span { {told.clone()} }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANCHOR: Point = Point { lat: 28.9, lon: 113.3, accuracy_m: 8.0 };

    #[test]
    fn the_fix_lies_where_it_was_measured_and_inside_the_drawing() {
        for (east_m, north_m, accuracy_m) in
            [(0.0, 0.0, 5.0), (40.0, -30.0, 12.0), (-2_000.0, 900.0, 30.0), (5.0, 5.0, 800.0)]
        {
            let fix = Point {
                lat: ANCHOR.lat + north_m / DEGREE_M,
                lon: ANCHOR.lon + east_m / DEGREE_M / ANCHOR.lat.to_radians().cos(),
                accuracy_m,
            };
            let layout = Layout::of(ANCHOR, fix);
            assert!((layout.east_m - east_m).abs() < 0.01 && (layout.north_m - north_m).abs() < 0.01);
            let radius = accuracy_m * layout.scale;
            for edge in [layout.x() - radius, layout.y() - radius] {
                assert!(edge >= 0.0, "{layout:?}");
            }
            assert!(layout.x() + radius <= 2.0 * HALF && layout.y() + radius <= 2.0 * HALF, "{layout:?}");
            assert!(layout.bar_m * layout.scale <= HALF, "{layout:?}");
        }
    }

    #[test]
    fn rings_are_drawn_only_where_distance_is_judged() {
        assert_eq!(rings(ObservationKind::Visit).len(), 2);
        assert_eq!(rings(ObservationKind::Attendance), []);
    }

    #[test]
    fn what_is_measured_and_what_is_drawn_agree() {
        let fix = Point { lat: 28.9009, lon: 113.3011, accuracy_m: 10.0 };
        let layout = Layout::of(ANCHOR, fix);
        assert!((layout.east_m.hypot(layout.north_m) - distance_m(ANCHOR, fix)).abs() < 0.5);
    }
}

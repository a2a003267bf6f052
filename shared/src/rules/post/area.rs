//! The area in which a post is worked, and how far outside of it a point lies. Judges nothing.

use crate::entry::Entry;
use crate::evidence::distance_m;
use crate::ledger::{Point, post};
use crate::policy::AreaPolicy;
use geo::{Distance, Euclidean, LineString, Polygon, coord};
use serde::{Deserialize, Serialize};

/// The area in which a post is worked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkArea {
    /// Around a point.
    Circle {
        /// The middle.
        centre: Point,
        /// As far as this, in metres.
        radius_m: f64,
    },
    /// Within these corners, three at least.
    Corners(Vec<Point>),
}

impl WorkArea {
    /// The area that the ledger names: its corners, else its point with its radius or the policy's. None where it says
    /// neither.
    pub fn of_post(entry: &Entry, policy: &AreaPolicy) -> Option<Self> {
        let corners: Option<Vec<Point>> = entry.value(post::AREA).read();
        if let Some(corners) = corners.filter(|corners| corners.len() >= 3) {
            return Some(Self::Corners(corners));
        }
        let centre = entry.value(post::POINT).read()?;
        let radius_m = entry.value(post::RADIUS_M).as_number().unwrap_or(policy.radius_m);
        Some(Self::Circle { centre, radius_m })
    }

    /// How far outside the area a point lies, in metres; 0 inside and on its edge. Whoever compares takes the point's
    /// own uncertainty off; that of a circle's middle is taken off here.
    pub fn outside_m(&self, point: Point) -> f64 {
        match self {
            Self::Circle { centre, radius_m } => {
                (distance_m(point, *centre) - radius_m - centre.accuracy_m).max(0.0)
            }
            Self::Corners(corners) => outside_corners_m(corners, point),
        }
    }
}

/// On a plane through the point: areas of a village are so small that the earth is flat there.
fn outside_corners_m(corners: &[Point], point: Point) -> f64 {
    const DEGREE_M: f64 = 6_371_008.8 * std::f64::consts::PI / 180.0;
    let narrowing = point.lat.to_radians().cos();
    let place = |corner: &Point| {
        coord! { x: (corner.lon - point.lon) * DEGREE_M * narrowing, y: (corner.lat - point.lat) * DEGREE_M }
    };
    let area = Polygon::new(LineString::new(corners.iter().map(place).collect()), Vec::new());
    Euclidean.distance(&geo::Point::new(0.0, 0.0), &area)
}

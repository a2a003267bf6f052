//! Public posts 公岗.

use super::{FieldSpec, FieldType::*, NOTE_CHARS_MAX, REGISTRATION, REGISTRATIONS, Writer::*};

/// 岗位名称.
pub const NAME: &str = "name";
/// 岗位编号.
pub use super::CODE;
/// 岗位类型.
pub const KIND: &str = "kind";
/// 在岗人员: the person's entry.
pub const HOLDER: &str = "holder";
/// 岗位定位点, the middle of the area worked where that is a circle.
pub const POINT: &str = "point";
/// 岗位范围（半径）, in metres around [`POINT`].
pub const RADIUS_M: &str = "radius_m";
/// 岗位范围（多边形）: goes before [`POINT`] and [`RADIUS_M`] where it is drawn.
pub const AREA: &str = "area";
/// 每月应出勤天数.
pub const REQUIRED_DAYS: &str = "required_days";
/// 合同起.
pub const CONTRACT_FROM: &str = "contract_from";
/// 合同止.
pub const CONTRACT_TO: &str = "contract_to";

/// [`KIND`]: 保洁, 护林, 护路, 水管, 护河, 公共设施, 其他.
pub const KINDS: &[&str] = &["cleaning", "forest", "road", "water", "river", "facilities", "other"];

pub(super) const FIELDS: &[FieldSpec] = &[
    FieldSpec { key: NAME, writer: Office, kind: Name(64) },
    FieldSpec { key: CODE, writer: Office, kind: Code(32) },
    FieldSpec { key: KIND, writer: Office, kind: OneOf(KINDS) },
    FieldSpec { key: HOLDER, writer: Office, kind: Entry },
    FieldSpec { key: POINT, writer: Office, kind: Point },
    FieldSpec { key: RADIUS_M, writer: Office, kind: Number(1.0, 50_000.0) },
    FieldSpec { key: AREA, writer: Office, kind: Area },
    FieldSpec { key: REQUIRED_DAYS, writer: Office, kind: Number(0.0, 31.0) },
    FieldSpec { key: CONTRACT_FROM, writer: Office, kind: Date },
    FieldSpec { key: CONTRACT_TO, writer: Office, kind: Date },
    // 元 a month
    FieldSpec { key: "subsidy", writer: Office, kind: Number(0.0, 100_000.0) },
    FieldSpec { key: "remark", writer: Visitor, kind: Text(NOTE_CHARS_MAX) },
    FieldSpec { key: REGISTRATION, writer: Confirmation, kind: OneOf(REGISTRATIONS) },
];

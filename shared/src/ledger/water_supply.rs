//! Water supplies 供水点.

use super::{FieldSpec, FieldType::*, NOTE_CHARS_MAX, TEXT_CHARS_MAX, Writer::*};

/// 供水点名称.
pub const NAME: &str = "name";
/// 供水点编号.
pub use super::CODE;
/// 供水类型.
pub const KIND: &str = "kind";
/// 定位点.
pub const POINT: &str = "point";
/// 责任单位.
pub const UNIT: &str = "unit";
/// 管护员.
pub const KEEPER: &str = "keeper";
/// 最近检查结果.
pub const LATEST_RESULT: &str = "latest_result";
/// 缺水月份.
pub const SHORTAGE_MONTHS: &str = "shortage_months";
/// 缺水地区: water resources below 1000 m³ a head and year (T/CHES 18-2018, 3.3).
pub const SCARCE: &str = "scarce";
/// Whether the latest test report meets GB 5749.
pub const REPORT_MEETS: &str = "report_meets";

/// [`KIND`]: 集中供水, 小型集中供水, then the dispersed ones: 井, 泉, 窖, 引水.
pub const KINDS: &[&str] = &["central", "small", "well", "spring", "cistern", "diverted"];

/// Twelve months, by their numbers.
pub const MONTHS: &[&str] = &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];

pub(super) const FIELDS: &[FieldSpec] = &[
    FieldSpec { key: NAME, writer: Visitor, kind: Name(64) },
    FieldSpec { key: CODE, writer: Office, kind: Code(32) },
    FieldSpec { key: KIND, writer: Visitor, kind: OneOf(KINDS) },
    FieldSpec { key: "address", writer: Visitor, kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: POINT, writer: Place, kind: Point },
    FieldSpec { key: UNIT, writer: Village, kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: KEEPER, writer: Village, kind: Name(32) },
    FieldSpec { key: "keeper_phone", writer: Village, kind: Phone },
    FieldSpec { key: "households_served", writer: Visitor, kind: Number(0.0, 1_000_000.0) },
    // 元/m³
    FieldSpec { key: "price", writer: Village, kind: Number(0.0, 1_000.0) },
    FieldSpec { key: LATEST_RESULT, writer: Visitor, kind: OneOf(&["met", "basic", "unmet"]) },
    FieldSpec { key: REPORT_MEETS, writer: Visitor, kind: Flag },
    FieldSpec { key: "report_date", writer: Visitor, kind: Date },
    FieldSpec { key: SHORTAGE_MONTHS, writer: Visitor, kind: ManyOf(MONTHS) },
    FieldSpec { key: SCARCE, writer: Visitor, kind: Flag },
    FieldSpec { key: "remark", writer: Visitor, kind: Text(NOTE_CHARS_MAX) },
];

//! Houses 房.

use super::{FieldSpec, FieldType::*, NOTE_CHARS_MAX, TEXT_CHARS_MAX, Writer::*};

/// The household it belongs to. A household may have several: the one lived in, an old one left standing.
pub const HOUSEHOLD: &str = "household";
/// 房屋编号.
pub use super::CODE;
/// 房屋名称, such as 主屋 or 老宅: tells the houses of a household apart.
pub const NAME: &str = "name";
/// 定位点.
pub const POINT: &str = "point";
/// 结构.
pub const STRUCTURE: &str = "structure";
/// 等级.
pub const GRADE: &str = "grade";
/// 定级依据.
pub const GRADED_BY: &str = "graded_by";
/// 鉴定报告编号.
pub const REPORT_NO: &str = "report_no";
/// 鉴定报告日期.
pub const REPORT_DATE: &str = "report_date";
/// 是否住人.
pub const LIVED_IN: &str = "lived_in";
/// 警示标识.
pub const SIGN_POSTED: &str = "sign_posted";
/// 封房.
pub const SEALED: &str = "sealed";
/// 整改状态.
pub const RECTIFICATION: &str = "rectification";

/// [`GRADED_BY`]: 鉴定报告. Only a report makes a grade 鉴定.
pub const BY_REPORT: &str = "report";
/// [`GRADED_BY`]: 现场初判, what whoever looks at the house takes it for.
pub const BY_FIRST_JUDGEMENT: &str = "first_judgement";

/// [`RECTIFICATION`]: 无需整改.
pub const NONE_NEEDED: &str = "none_needed";
/// [`RECTIFICATION`]: 待鉴定.
pub const TO_BE_ASSESSED: &str = "to_be_assessed";
/// [`RECTIFICATION`]: 待改造.
pub const TO_BE_RENOVATED: &str = "to_be_renovated";
/// [`RECTIFICATION`]: 改造中.
pub const BEING_RENOVATED: &str = "being_renovated";
/// [`RECTIFICATION`]: 已改造.
pub const RENOVATED: &str = "renovated";
/// [`RECTIFICATION`]: 已拆除.
pub const DEMOLISHED: &str = "demolished";
/// [`RECTIFICATION`]: 已封存.
pub const SEALED_UP: &str = "sealed_up";

/// What a grade by a report rests on.
pub const OF_A_REPORT: &[&str] = &[REPORT_NO, REPORT_DATE];

/// [`RECTIFICATION`]: what is completed, or final.
pub const COMPLETED: &[&str] = &[RENOVATED, DEMOLISHED, SEALED_UP];

/// A structure safe · B basically safe, single members at risk · C 局部危房 · D 整幢危房 (JGJ 125).
pub const GRADES: &[&str] = &["A", "B", "C", "D"];

pub(super) const FIELDS: &[FieldSpec] = &[
    FieldSpec { key: HOUSEHOLD, writer: Registration, kind: Entry },
    FieldSpec { key: CODE, writer: Office, kind: Code(32) },
    FieldSpec { key: NAME, writer: Visitor, kind: Name(32) },
    FieldSpec { key: "address", writer: Visitor, kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: POINT, writer: Place, kind: Point },
    FieldSpec {
        key: STRUCTURE,
        writer: Visitor,
        kind: OneOf(&["brick_concrete", "brick_timber", "earth_timber", "adobe", "stone", "other"]),
    },
    FieldSpec { key: "storeys", writer: Visitor, kind: Number(1.0, 60.0) },
    FieldSpec { key: "year", writer: Visitor, kind: Number(1_800.0, 2_200.0) },
    FieldSpec { key: GRADE, writer: Grade, kind: OneOf(GRADES) },
    FieldSpec { key: GRADED_BY, writer: Grade, kind: OneOf(&[BY_REPORT, BY_FIRST_JUDGEMENT]) },
    FieldSpec { key: REPORT_NO, writer: Office, kind: Text(64) },
    FieldSpec { key: REPORT_DATE, writer: Office, kind: Date },
    FieldSpec { key: LIVED_IN, writer: Visitor, kind: Flag },
    FieldSpec { key: SIGN_POSTED, writer: Visitor, kind: Flag },
    FieldSpec { key: SEALED, writer: Office, kind: Flag },
    FieldSpec {
        key: RECTIFICATION,
        writer: Rectification,
        kind: OneOf(&[
            NONE_NEEDED,
            TO_BE_ASSESSED,
            TO_BE_RENOVATED,
            BEING_RENOVATED,
            RENOVATED,
            DEMOLISHED,
            SEALED_UP,
        ]),
    },
    FieldSpec { key: "remark", writer: Visitor, kind: Text(NOTE_CHARS_MAX) },
];

//! Houses 房.

use super::{FieldSpec, FieldType::*, NOTE_CHARS_MAX, TEXT_CHARS_MAX};

/// The household it belongs to. A household may have several: the one lived in, an old one left standing.
pub const HOUSEHOLD: &str = "household";
/// 房屋编号.
pub const CODE: &str = "code";
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

/// A structure safe · B basically safe, single members at risk · C 局部危房 · D 整幢危房 (JGJ 125).
pub const GRADES: &[&str] = &["A", "B", "C", "D"];

pub(super) const FIELDS: &[FieldSpec] = &[
    FieldSpec { key: HOUSEHOLD, kind: Entry },
    FieldSpec { key: CODE, kind: Text(32) },
    FieldSpec { key: NAME, kind: Text(32) },
    FieldSpec { key: "address", kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: POINT, kind: Point },
    FieldSpec {
        key: STRUCTURE,
        // 砖混, 砖木, 土木, 土坯, 石, 其他
        kind: OneOf(&["brick_concrete", "brick_timber", "earth_timber", "adobe", "stone", "other"]),
    },
    FieldSpec { key: "storeys", kind: Number(1.0, 60.0) },
    FieldSpec { key: "year", kind: Number(1_800.0, 2_200.0) },
    FieldSpec { key: GRADE, kind: OneOf(GRADES) },
    FieldSpec { key: GRADED_BY, kind: OneOf(&[BY_REPORT, BY_FIRST_JUDGEMENT]) },
    FieldSpec { key: "report_no", kind: Text(64) },
    FieldSpec { key: "report_date", kind: Date },
    FieldSpec { key: LIVED_IN, kind: Flag },
    FieldSpec { key: SIGN_POSTED, kind: Flag },
    FieldSpec { key: SEALED, kind: Flag },
    FieldSpec {
        key: RECTIFICATION,
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
    FieldSpec { key: "remark", kind: Text(NOTE_CHARS_MAX) },
];

//! Persons 人.

use super::{FieldSpec, FieldType::*, REGISTRATION, REGISTRATIONS, TEXT_CHARS_MAX, Writer::*};

/// The household the person belongs to.
pub const HOUSEHOLD: &str = "household";
/// 姓名.
pub const NAME: &str = "name";
/// 与户主关系.
pub const RELATION: &str = "relation";
/// 出生日期.
pub const BIRTH: &str = "birth";
/// 残疾等级.
pub const DISABILITY: &str = "disability";
/// 务工情况.
pub const WORK_STATE: &str = "work_state";
/// [`WORK_STATE`]: 外出务工.
pub const WORKS_AWAY: &str = "away";

pub(super) const FIELDS: &[FieldSpec] = &[
    FieldSpec { key: HOUSEHOLD, writer: Registration, kind: Entry },
    FieldSpec { key: NAME, writer: Visitor, kind: Name(32) },
    FieldSpec { key: "id_number", writer: First, kind: IdNumber },
    FieldSpec {
        key: RELATION,
        writer: Visitor,
        kind: OneOf(&["head", "spouse", "child", "parent", "grandchild", "other"]),
    },
    FieldSpec { key: BIRTH, writer: First, kind: Date },
    FieldSpec { key: "health", writer: Visitor, kind: OneOf(&["good", "chronic", "serious", "disabled"]) },
    FieldSpec { key: DISABILITY, writer: Visitor, kind: OneOf(&["none", "mild", "severe"]) },
    FieldSpec { key: "certificate_expiry", writer: Visitor, kind: Date },
    FieldSpec {
        key: "school_state",
        writer: Visitor,
        kind: OneOf(&["not_applicable", "in_school", "home_teaching", "dropout", "finished"]),
    },
    FieldSpec { key: "insured", writer: Visitor, kind: Flag },
    // 未务工, 就近务工, 外出务工
    FieldSpec { key: WORK_STATE, writer: Visitor, kind: OneOf(&["none", "near", WORKS_AWAY]) },
    FieldSpec { key: "work_place", writer: Visitor, kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: "employer", writer: Visitor, kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: "phone", writer: Visitor, kind: Phone },
    FieldSpec { key: REGISTRATION, writer: Confirmation, kind: OneOf(REGISTRATIONS) },
];

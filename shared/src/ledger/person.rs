//! Persons 人.

use super::{FieldSpec, FieldType::*, TEXT_CHARS_MAX};

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
    FieldSpec { key: HOUSEHOLD, kind: Entry },
    FieldSpec { key: NAME, kind: Text(32) },
    FieldSpec { key: "id_number", kind: IdNumber },
    FieldSpec { key: RELATION, kind: OneOf(&["head", "spouse", "child", "parent", "grandchild", "other"]) },
    FieldSpec { key: BIRTH, kind: Date },
    FieldSpec { key: "health", kind: OneOf(&["good", "chronic", "serious", "disabled"]) },
    FieldSpec { key: DISABILITY, kind: OneOf(&["none", "mild", "severe"]) },
    FieldSpec { key: "certificate_expiry", kind: Date },
    FieldSpec {
        key: "school_state",
        kind: OneOf(&["not_applicable", "in_school", "home_teaching", "dropout", "finished"]),
    },
    FieldSpec { key: "insured", kind: Flag },
    // 未务工, 就近务工, 外出务工
    FieldSpec { key: WORK_STATE, kind: OneOf(&["none", "near", WORKS_AWAY]) },
    FieldSpec { key: "work_place", kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: "employer", kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: "phone", kind: Phone },
];

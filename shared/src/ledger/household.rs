//! Households 户.

use super::{
    FieldSpec, FieldType::*, NOTE_CHARS_MAX, REGISTRATION, REGISTRATIONS, TEXT_CHARS_MAX, Writer::*,
};

/// 户编号.
pub use super::CODE;
/// 户主.
pub const HEAD_NAME: &str = "head_name";
/// 村民小组.
pub const GROUP: &str = "group";
/// 住址.
pub const ADDRESS: &str = "address";
/// 定位点.
pub const ANCHOR: &str = "anchor";
/// 电话.
pub const PHONE: &str = "phone";
/// 户类型.
pub const CATEGORIES: &str = "categories";
/// 三色码.
pub const COLOUR: &str = "colour";
/// 帮扶责任人.
pub const CADRE: &str = "cadre";
/// 家庭签约医生.
pub const FAMILY_DOCTOR: &str = "family_doctor";
/// 住房: the house lived in.
pub const HOUSE: &str = "house";
/// 供水点.
pub const WATER_SUPPLY: &str = "water_supply";
/// 饮水.
pub const WATER_STATE: &str = "water_state";
/// 住房安全.
pub const HOUSING_STATE: &str = "housing_state";

/// 户类型.
pub const CATEGORY_CHOICES: &[&str] = &[
    "lifted",          // 脱贫户
    "unstable",        // 监测对象: 脱贫不稳定户
    "marginal",        // 监测对象: 边缘易致贫户
    "sudden_hardship", // 监测对象: 突发严重困难户
    "low_income",      // 低保户
    "low_income_edge", // 低保边缘户
    "destitute",       // 特困供养户
    "disabled",        // 残疾人户
    "serious_illness", // 大病户
    "elderly",         // 老人户
    "ordinary",        // 一般农户
];
/// Those of [`CATEGORY_CHOICES`] that are 监测对象.
pub const MONITORED: &[&str] = &["unstable", "marginal", "sudden_hardship"];

pub(super) const FIELDS: &[FieldSpec] = &[
    FieldSpec { key: CODE, writer: Office, kind: Code(32) },
    FieldSpec { key: HEAD_NAME, writer: Visitor, kind: Name(32) },
    FieldSpec { key: GROUP, writer: Visitor, kind: Name(32) },
    FieldSpec { key: ADDRESS, writer: Visitor, kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: ANCHOR, writer: Place, kind: Point },
    FieldSpec { key: PHONE, writer: Visitor, kind: Phone },
    FieldSpec { key: "phone_owner", writer: Visitor, kind: OneOf(&["self", "family"]) },
    FieldSpec { key: CATEGORIES, writer: Office, kind: ManyOf(CATEGORY_CHOICES) },
    FieldSpec { key: COLOUR, writer: Office, kind: OneOf(&["green", "yellow", "orange"]) },
    FieldSpec {
        key: "risk_reasons",
        writer: Office,
        kind: ManyOf(&["illness", "disability", "disaster", "schooling", "unemployment", "other"]),
    },
    FieldSpec { key: "risk_state", writer: Office, kind: OneOf(&["none", "present", "removed"]) },
    FieldSpec { key: "insured", writer: Visitor, kind: OneOf(&["all", "some", "none"]) },
    FieldSpec { key: "food_state", writer: Visitor, kind: OneOf(&["ok", "short"]) },
    FieldSpec { key: "clothing_state", writer: Visitor, kind: OneOf(&["ok", "short"]) },
    FieldSpec {
        key: "education_state",
        writer: Visitor,
        kind: OneOf(&["ok", "dropout", "not_applicable", "home_teaching"]),
    },
    FieldSpec { key: HOUSING_STATE, writer: Visitor, kind: OneOf(&["safe", "suspect", "unsafe"]) },
    FieldSpec { key: WATER_STATE, writer: Visitor, kind: OneOf(&["met", "basic", "unmet"]) },
    FieldSpec {
        key: "income_source",
        writer: Visitor,
        kind: ManyOf(&["wages", "farming", "post", "transfers", "business", "other"]),
    },
    FieldSpec { key: "income_per_head", writer: Visitor, kind: Number(0.0, 10_000_000.0) },
    FieldSpec { key: "satisfaction", writer: Visitor, kind: OneOf(&["satisfied", "fair", "dissatisfied"]) },
    FieldSpec { key: "relocation_site", writer: Office, kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: CADRE, writer: Office, kind: User },
    FieldSpec { key: FAMILY_DOCTOR, writer: Office, kind: User },
    FieldSpec { key: HOUSE, writer: Office, kind: Entry },
    FieldSpec { key: WATER_SUPPLY, writer: Office, kind: Entry },
    FieldSpec { key: "remark", writer: Visitor, kind: Text(NOTE_CHARS_MAX) },
    FieldSpec { key: REGISTRATION, writer: Confirmation, kind: OneOf(REGISTRATIONS) },
];

//! Problems 问题.

use super::{FieldSpec, FieldType::*, NOTE_CHARS_MAX, TEXT_CHARS_MAX, Writer::*};

/// The state.
pub const STATE: &str = "state";
/// 待整改.
pub const OPEN: &str = "open";
/// 整改中.
pub const UNDER_WAY: &str = "under_way";
/// 待验收.
pub const TO_ACCEPT: &str = "to_accept";
/// 已销号.
pub const CLOSED: &str = "closed";
/// 退回.
pub const SENT_BACK: &str = "sent_back";

/// The topic, one of [`TOPICS`].
pub const TOPIC: &str = "topic";
/// Which problem within its topic, one of [`KINDS`]; blank where the topic says enough.
pub const KIND: &str = "kind";
/// 问题描述.
pub const WHAT: &str = "what";
/// 牵头责任部门.
pub const LEAD: &str = "lead";
/// What it is about.
pub const SUBJECT: &str = "subject";
/// Whether it cannot wait.
pub const URGENT: &str = "urgent";
/// 整改期限.
pub const DEADLINE: &str = "deadline";
/// 责任人: who has to rectify it.
pub const RESPONSIBLE: &str = "responsible";

/// The topics: the ten of the special rectifications, then three more.
pub const TOPICS: &[&str] = &[
    "monitoring",  // 应纳未纳
    "housing",     // 住房安全
    "schooling",   // 控辍保学
    "insurance",   // 重点人群未参保
    "water",       // 饮水工程
    "elderly",     // 老人户保障
    "industry",    // 产业带贫
    "employment",  // 就业帮扶
    "finance",     // 金融帮扶
    "relocation",  // 搬迁社区
    "assets",      // 项目资产
    "recognition", // 群众认可
    "other",       // 其他
];

/// Problems that stand beside each other within one topic: a dangerous house can be lived in and ungraded at once, and
/// each is rectified by itself. A key belongs to one topic.
pub const KINDS: &[&str] = &[
    // 住房安全 (000 (二) 1)
    "danger_lived_in", // 危房住人
    "due_demolition",  // 应拆未拆
    "unassessed",      // 未鉴定
    "reassess",        // 需重新鉴定
    "no_sign",         // 无警示标识
    // 饮水工程 (000 (五) 1; 003 (四))
    "water_unmet", // 饮水不达标
    "smell",       // 异味
    "shortage",    // 季节性缺水
    "unstable",    // 供水不稳定
    "no_keeper",   // 无人管护
    "fees",        // 水费不合理、维护费用无保障
    "untested",    // 水质未检测
    "reading_off", // 现场检测值异常
    // 就业帮扶: 公益岗位 (000 (八) 1 (4); 003 (六))
    "post_absent",     // 缺岗
    "post_substitute", // 他人代岗
    "post_idle",       // 占岗不做事
];

pub(super) const FIELDS: &[FieldSpec] = &[
    FieldSpec { key: TOPIC, writer: Registration, kind: OneOf(TOPICS) },
    FieldSpec { key: KIND, writer: Registration, kind: OneOf(KINDS) },
    FieldSpec { key: WHAT, writer: Registration, kind: Text(NOTE_CHARS_MAX) },
    FieldSpec { key: SUBJECT, writer: Registration, kind: Entry },
    FieldSpec { key: URGENT, writer: Registration, kind: Flag },
    FieldSpec { key: LEAD, writer: Rule, kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: "responsible_unit", writer: Office, kind: Text(TEXT_CHARS_MAX) },
    FieldSpec { key: RESPONSIBLE, writer: Office, kind: User },
    FieldSpec { key: DEADLINE, writer: Rule, kind: Date },
    FieldSpec { key: STATE, writer: Steps, kind: OneOf(&[OPEN, UNDER_WAY, TO_ACCEPT, CLOSED, SENT_BACK]) },
];

//! What the ledgers hold, line by line of the dictionary: every field, every choice, and the Chinese word for each.

use crate::words::zh;
use bianfang_shared::ledger::{self, FieldType, LedgerKind};
use bianfang_shared::ledger::{household, issue};
use serde_json::json;

use LedgerKind::{House, Household, Issue, Person, Post, WaterSupply};

#[test]
fn every_ledger_has_the_fields_of_the_dictionary_under_their_words() {
    for (source, kind, field, word) in [
        ("DOMAIN 户: code", Household, "code", "户编号"),
        ("DOMAIN 户: head's name", Household, "head_name", "户主"),
        ("DOMAIN 户: address, 村民小组", Household, "group", "村民小组"),
        ("DOMAIN 户: address, text", Household, "address", "住址"),
        ("DOMAIN 户: anchor point", Household, "anchor", "定位点"),
        ("DOMAIN 户: phone", Household, "phone", "电话"),
        ("DOMAIN 户: whose phone it is", Household, "phone_owner", "机主"),
        ("DOMAIN 户: category", Household, "categories", "户类型"),
        ("DOMAIN 户: three-colour code", Household, "colour", "三色码"),
        ("DOMAIN 户: risk reasons", Household, "risk_reasons", "风险原因"),
        ("DOMAIN 户: risk state", Household, "risk_state", "风险状态"),
        ("DOMAIN 户: insured", Household, "insured", "参保"),
        ("DOMAIN 户: relocation site", Household, "relocation_site", "安置"),
        ("DOMAIN 户: assistance cadre", Household, "cadre", "帮扶责任人"),
        ("DOMAIN 户: family doctor", Household, "family_doctor", "家庭签约医生"),
        ("DOMAIN 户: house", Household, "house", "住房"),
        ("DOMAIN 户: water supply", Household, "water_supply", "供水点"),
        ("DOMAIN 人: name", Person, "name", "姓名"),
        ("DOMAIN 人: ID number", Person, "id_number", "身份证号"),
        ("DOMAIN 人: relation", Person, "relation", "与户主关系"),
        ("DOMAIN 人: birth", Person, "birth", "出生日期"),
        ("DOMAIN 人: health", Person, "health", "健康"),
        ("DOMAIN 人: disability", Person, "disability", "残疾"),
        ("DOMAIN 人: certificate expiry", Person, "certificate_expiry", "残疾证到期"),
        ("DOMAIN 人: school state", Person, "school_state", "上学"),
        ("DOMAIN 人: insured", Person, "insured", "参保"),
        ("DOMAIN 人: work, place", Person, "work_place", "务工地点"),
        ("DOMAIN 人: work, employer", Person, "employer", "务工单位"),
        ("DOMAIN 人: work, contact", Person, "phone", "电话"),
        ("DOMAIN 房: household", House, "household", "户"),
        ("DOMAIN 房: point", House, "point", "定位点"),
        ("DOMAIN 房: structure", House, "structure", "结构"),
        ("DOMAIN 房: storeys", House, "storeys", "层数"),
        ("DOMAIN 房: year", House, "year", "年份"),
        ("DOMAIN 房: grade", House, "grade", "等级"),
        ("DOMAIN 房: how graded", House, "graded_by", "定级依据"),
        ("DOMAIN 房: 鉴定报告 no.", House, "report_no", "鉴定报告编号"),
        ("DOMAIN 房: 鉴定报告 date", House, "report_date", "鉴定日期"),
        ("DOMAIN 房: lived in?", House, "lived_in", "住人"),
        ("DOMAIN 房: hazard sign posted?", House, "sign_posted", "警示标识"),
        ("DOMAIN 房: unless sealed", House, "sealed", "封房"),
        ("DOMAIN 房: rectification state", House, "rectification", "整改状态"),
        ("DOMAIN 供水点: kind", WaterSupply, "kind", "供水类型"),
        ("DOMAIN 供水点: responsible unit", WaterSupply, "unit", "责任单位"),
        ("DOMAIN 供水点: keeper", WaterSupply, "keeper", "管护员"),
        ("DOMAIN 供水点: households served", WaterSupply, "households_served", "供水户数"),
        ("DOMAIN 供水点: price", WaterSupply, "price", "水价"),
        ("DOMAIN 供水点: latest result", WaterSupply, "latest_result", "最近检查结果"),
        ("DOMAIN 供水点: months of shortage", WaterSupply, "shortage_months", "缺水月份"),
        ("DOMAIN 饮水检查: water-scarce", WaterSupply, "scarce", "缺水地区"),
        ("DOMAIN 公岗: kind", Post, "kind", "岗位类型"),
        ("DOMAIN 公岗: holder", Post, "holder", "公岗人员"),
        ("DOMAIN 公岗: area worked, point", Post, "point", "定位点"),
        ("DOMAIN 公岗: area worked, radius", Post, "radius_m", "半径"),
        ("DOMAIN 公岗: area worked, polygon", Post, "area", "边界"),
        ("DOMAIN 公岗: required days a month", Post, "required_days", "每月应出勤天数"),
        ("DOMAIN 公岗: contract from", Post, "contract_from", "合同起"),
        ("DOMAIN 公岗: contract to", Post, "contract_to", "合同止"),
        ("DOMAIN 公岗: subsidy a month", Post, "subsidy", "元/月"),
        ("DOMAIN 问题: topic", Issue, "topic", "专题"),
        ("DOMAIN 问题: what", Issue, "what", "问题"),
        ("DOMAIN 问题: where", Issue, "subject", "涉及"),
        ("DOMAIN 问题: lead department", Issue, "lead", "牵头部门"),
        ("DOMAIN 问题: responsible unit", Issue, "responsible_unit", "责任单位"),
        ("DOMAIN 问题: responsible person", Issue, "responsible", "责任人"),
        ("DOMAIN 问题: deadline", Issue, "deadline", "整改期限"),
        ("DOMAIN 问题: state", Issue, "state", "状态"),
    ] {
        assert!(kind.field(field).is_some(), "no {field} ({source})");
        let said = zh(&format!("field-{}-{field}", kind.key()));
        assert!(said.contains(word), "{field} is called {said:?} and not {word} ({source})");
    }
}

#[test]
fn every_choice_of_the_dictionary_can_be_made_under_its_word_and_no_other() {
    type Choices = &'static [(&'static str, &'static str)];
    let cases: &[(&str, LedgerKind, &str, Choices)] = &[
        ("DOMAIN 户: 本人 / 家属", Household, "phone_owner", &[("self", "本人"), ("family", "家属")]),
        (
            "DOMAIN 户: Category 户类型",
            Household,
            "categories",
            &[
                ("lifted", "脱贫户"),
                ("unstable", "脱贫不稳定户"),
                ("marginal", "边缘易致贫户"),
                ("sudden_hardship", "突发严重困难户"),
                ("low_income", "低保户"),
                ("low_income_edge", "低保边缘户"),
                ("destitute", "特困供养户"),
                ("disabled", "残疾人户"),
                ("serious_illness", "大病户"),
                ("elderly", "老人户"),
                ("ordinary", "一般农户"),
            ],
        ),
        (
            "003 (二): “三色”帮扶管理",
            Household,
            "colour",
            &[("green", "绿"), ("yellow", "黄"), ("orange", "橙")],
        ),
        (
            "DOMAIN 房: structure",
            House,
            "structure",
            &[
                ("brick_concrete", "砖混"),
                ("brick_timber", "砖木"),
                ("earth_timber", "土木"),
                ("adobe", "土坯"),
                ("stone", "石"),
                ("other", "其他"),
            ],
        ),
        (
            "DOMAIN 房: Grades",
            House,
            "grade",
            &[("A", "安全"), ("B", "基本安全"), ("C", "局部危房"), ("D", "整幢危房")],
        ),
        (
            "DOMAIN 房: how graded",
            House,
            "graded_by",
            &[("report", "鉴定报告"), ("first_judgement", "现场初判")],
        ),
        (
            "DOMAIN 房: rectification state",
            House,
            "rectification",
            &[
                ("none_needed", "无需整改"),
                ("to_be_assessed", "待鉴定"),
                ("to_be_renovated", "待改造"),
                ("being_renovated", "改造中"),
                ("renovated", "已改造"),
                ("demolished", "已拆除"),
                ("sealed_up", "已封存"),
            ],
        ),
        (
            "DOMAIN 供水点: kind",
            WaterSupply,
            "kind",
            &[
                ("central", "集中供水"),
                ("small", "小型集中"),
                ("well", "井"),
                ("spring", "泉"),
                ("cistern", "窖"),
                ("diverted", "引水"),
            ],
        ),
        (
            "DOMAIN 饮水检查: 达标 | 基本达标 | 不达标",
            WaterSupply,
            "latest_result",
            &[("met", "达标"), ("basic", "基本达标"), ("unmet", "不达标")],
        ),
        (
            "DOMAIN 饮水检查, of a household",
            Household,
            "water_state",
            &[("met", "达标"), ("basic", "基本达标"), ("unmet", "不达标")],
        ),
        (
            "DOMAIN 公岗: kind",
            Post,
            "kind",
            &[
                ("cleaning", "保洁"),
                ("forest", "护林"),
                ("road", "护路"),
                ("water", "水管"),
                ("river", "护河"),
                ("facilities", "公共设施"),
                ("other", "其他"),
            ],
        ),
        (
            "DOMAIN 问题: state",
            Issue,
            "state",
            &[
                ("open", "待整改"),
                ("under_way", "整改中"),
                ("to_accept", "待验收"),
                ("closed", "已销号"),
                ("sent_back", "退回"),
            ],
        ),
        (
            "DOMAIN 问题: Topics, the ten of 000 and three more",
            Issue,
            "topic",
            &[
                ("monitoring", "应纳未纳"),
                ("housing", "住房安全"),
                ("schooling", "控辍保学"),
                ("insurance", "重点人群未参保"),
                ("water", "饮水工程"),
                ("elderly", "老人户保障"),
                ("industry", "产业带贫"),
                ("employment", "就业帮扶"),
                ("finance", "金融帮扶"),
                ("relocation", "搬迁社区"),
                ("assets", "项目资产"),
                ("recognition", "群众认可"),
                ("other", "其他"),
            ],
        ),
    ];
    for (source, kind, field, expected) in cases {
        let spec = kind.field(field).unwrap_or_else(|| panic!("no {field} ({source})"));
        let (FieldType::OneOf(choices) | FieldType::ManyOf(choices)) = spec.kind else {
            panic!("{field} is no choice ({source})")
        };
        let keys: Vec<&str> = expected.iter().map(|(key, _)| *key).collect();
        assert_eq!(choices, keys, "{field} ({source})");
        for (key, word) in *expected {
            let said = zh(&format!("choice-{}-{field}-{key}", kind.key()));
            assert!(said.contains(word), "{field} {key} is called {said:?} and not {word} ({source})");
        }
    }
    assert_eq!(issue::TOPICS.len(), 13);
}

#[test]
fn the_monitored_are_the_three_kinds_of_the_dictionary() {
    // DOMAIN 户: 监测对象 (脱贫不稳定户 | 边缘易致贫户 | 突发严重困难户).
    let words: Vec<_> =
        (household::MONITORED.iter()).map(|key| zh(&format!("choice-household-categories-{key}"))).collect();
    assert_eq!(words, ["脱贫不稳定户", "边缘易致贫户", "突发严重困难户"]);
}

#[test]
fn values_keep_to_what_the_dictionary_says_of_them() {
    for (source, case, kind, field, value, fits) in [
        (
            "DOMAIN 户: several may hold",
            "two categories",
            Household,
            "categories",
            json!(["lifted", "elderly"]),
            true,
        ),
        ("DOMAIN 户: Three-colour code", "no colour", Household, "colour", json!(null), true),
        ("DOMAIN 户: Three-colour code", "a fourth colour", Household, "colour", json!("red"), false),
        ("DOMAIN 户: Three-colour code", "two colours", Household, "colour", json!(["green", "red"]), false),
        ("GB 11643", "the standard's example", Person, "id_number", json!("11010519491231002X"), true),
        ("GB 11643", "another check digit", Person, "id_number", json!("110105194912310021"), false),
        ("GB 11643", "an X that should be a digit", Person, "id_number", json!("99999919600101001X"), false),
        ("GB 11643: 18 characters", "seventeen", Person, "id_number", json!("1101051949123100"), false),
        ("GB 11643: 18 characters", "nineteen", Person, "id_number", json!("11010519491231002XX"), false),
        ("GB 11643", "a letter among the digits", Person, "id_number", json!("1101051949123100AX"), false),
        ("DOMAIN 人: birth", "29 February of a leap year", Person, "birth", json!("1960-02-29"), true),
        ("DOMAIN 人: birth", "29 February of another", Person, "birth", json!("1961-02-29"), false),
        ("DOMAIN 人: certificate expiry", "a day", Person, "certificate_expiry", json!("2026-03-31"), true),
        ("DOMAIN 房: grade A–D", "D", House, "grade", json!("D"), true),
        ("DOMAIN 房: grade A–D", "E", House, "grade", json!("E"), false),
        (
            "DOMAIN 供水点: months of shortage",
            "July and December",
            WaterSupply,
            "shortage_months",
            json!(["7", "12"]),
            true,
        ),
        (
            "DOMAIN 供水点: months of shortage",
            "a thirteenth month",
            WaterSupply,
            "shortage_months",
            json!(["13"]),
            false,
        ),
        ("DOMAIN 公岗: required days a month", "all of them", Post, "required_days", json!(31), true),
        ("DOMAIN 公岗: required days a month", "one more", Post, "required_days", json!(32), false),
        (
            "DOMAIN 公岗: area worked, polygon",
            "three corners",
            Post,
            "area",
            json!([{ "lat": 28.9, "lon": 113.3 }, { "lat": 28.9, "lon": 113.4 }, { "lat": 28.8, "lon": 113.3 }]),
            true,
        ),
        (
            "DOMAIN 公岗: area worked, polygon",
            "two corners",
            Post,
            "area",
            json!([{ "lat": 28.9, "lon": 113.3 }, { "lat": 28.9, "lon": 113.4 }]),
            false,
        ),
        ("DOMAIN 问题: state", "no such state", Issue, "state", json!("forgotten"), false),
    ] {
        let checked = ledger::check(kind, field, &crate::given::value(value));
        assert_eq!(checked.is_ok(), fits, "{case} ({source}): {checked:?}");
    }
}

//! Whatever the rules may say has its words in both languages, and the field's own words are the screens' words.

use bianfang_shared::evidence::CheckName;
use bianfang_shared::policy::Policy;
use bianfang_shared::rules::issue::Forbidden;
use bianfang_shared::rules::post::RepeatKind;
use bianfang_shared::rules::water::Indicator;
use std::collections::BTreeMap;

const ZH: [&str; 2] = [
    include_str!("../../../assets/messages/zh-CN/rules.ftl"),
    include_str!("../../../assets/messages/zh-CN/terms.ftl"),
];
const EN: [&str; 2] = [
    include_str!("../../../assets/messages/en/rules.ftl"),
    include_str!("../../../assets/messages/en/terms.ftl"),
];

fn messages(files: [&'static str; 2]) -> BTreeMap<&'static str, &'static str> {
    files.into_iter().flat_map(str::lines).filter_map(|line| line.split_once(" = ")).collect()
}

/// What the Chinese messages say under a key; nothing where they say nothing.
pub(crate) fn zh(key: &str) -> &'static str {
    messages(ZH).get(key).copied().unwrap_or_default()
}

/// The keys of everything that the rules may say.
fn wanted() -> Vec<String> {
    let policy = Policy::builtin();
    let mut wanted = Vec::new();
    for (part, limits) in &policy.house.parts {
        for severity in ["slight", "severe"] {
            wanted.push(format!("house-reason-{}-{severity}", part.key()));
        }
        let measures = [("crack", &limits.crack_mm), ("tilt", &limits.tilt_mm_m)];
        let measured = measures.into_iter().filter(|(_, limits)| limits.is_some());
        wanted.extend(measured.map(|(measure, _)| format!("house-reason-{}_{measure}", part.key())));
    }
    for code in ["several_severe", "all_sound", "worse_than_report", "better_than_report"] {
        wanted.push(format!("house-reason-{code}"));
    }
    wanted.extend(Indicator::ALL.map(|indicator| format!("water-indicator-{}", indicator.key())));
    wanted.extend(policy.water.readings.keys().map(|reading| format!("water-reading-{reading}")));
    for code in ["several_posts", "too_old", "severely_disabled", "works_away", "others_away"] {
        wanted.push(format!("post-flag-{code}"));
    }
    wanted.extend([RepeatKind::Point, RepeatKind::Photo].map(|kind| format!("post-flag-{}", kind.code())));
    for why in [Forbidden::Role, Forbidden::OwnRectification, Forbidden::State] {
        wanted.push(format!("issue-forbidden-{}", why.code()));
    }
    for rule in &policy.schedule.rules {
        wanted.push(format!("rule-{}", rule.key));
        wanted.extend(rule.season.iter().map(|_| format!("rule-{}-season", rule.key)));
    }
    use CheckName::*;
    for check in [
        FixAge,
        Accuracy,
        Distance,
        Area,
        Mock,
        Dwell,
        Travel,
        Hour,
        Clock,
        Chain,
        PhotosPresent,
        PhotoSource,
        PhotoSeen,
        PhotoTime,
        PhotoPlace,
    ] {
        let name = serde_json::to_value(check).unwrap();
        let name = name.as_str().unwrap();
        wanted.extend(["pass", "unknown", "doubt", "fail"].map(|finding| format!("check-{name}-{finding}")));
    }
    wanted
}

#[test]
fn whatever_the_rules_say_has_words_in_both_languages() {
    for (language, known) in [("zh-CN", messages(ZH)), ("en", messages(EN))] {
        let missing: Vec<_> = wanted().into_iter().filter(|key| !known.contains_key(key.as_str())).collect();
        assert!(missing.is_empty(), "{language}: {missing:#?}");
    }
}

/// Words of the dictionary that belong to no field of a ledger; those of the ledgers stand in `ledger.rs`.
#[test]
fn the_words_of_the_field_are_the_words_of_the_screens() {
    for (source, key, word) in [
        ("DOMAIN People: cadre", "role-cadre", "帮扶干部"),
        ("DOMAIN People: work team member", "role-team_member", "驻村工作队员"),
        ("DOMAIN People: village secretary", "role-village_secretary", "村支书"),
        ("DOMAIN People: family doctor", "role-family_doctor", "家庭签约医生"),
        ("DOMAIN People: supervisor", "role-supervisor", "督导"),
        ("DOMAIN People: administrator", "role-administrator", "管理员"),
        ("DOMAIN Visit: outcome", "outcome-at_home", "在家"),
        ("DOMAIN Visit: outcome", "outcome-nobody_home", "无人在家"),
        ("DOMAIN Visit: outcome", "outcome-refused", "拒访"),
        ("DOMAIN Visit: outcome", "outcome-working_away", "外出务工"),
        ("DOMAIN Visit: outcome", "outcome-road_cut", "道路中断"),
        ("DOMAIN Visit: outcome", "outcome-moved_away", "已搬离"),
        ("DOMAIN Evidence: grades", "grade-credible", "可信"),
        ("DOMAIN Evidence: grades", "grade-doubtful", "存疑"),
        ("DOMAIN Evidence: grades", "grade-insufficient", "不足"),
        ("DOMAIN 饮水检查: indicators", "water-indicator-quantity", "水量"),
        ("DOMAIN 饮水检查: indicators", "water-indicator-quality", "水质"),
        ("DOMAIN 饮水检查: indicators", "water-indicator-convenience", "方便程度"),
        ("DOMAIN 饮水检查: indicators", "water-indicator-reliability", "保证率"),
        ("DOMAIN 公岗: one person, one post", "post-flag-several_posts", "一人多岗"),
        ("DOMAIN 公岗: 不宜安置", "post-flag-too_old", "不宜安置"),
        ("DOMAIN 公岗: 不宜安置", "post-flag-severely_disabled", "不宜安置"),
        ("DOMAIN 公岗: 不宜安置", "post-flag-works_away", "不宜安置"),
        ("DOMAIN 公岗: 不宜安置", "post-flag-others_away", "不宜安置"),
        ("DOMAIN 公岗: outside the area", "check-area-fail", "位置不符"),
        ("DOMAIN 遍访: by colour", "rule-colour_orange", "每月两次"),
        ("DOMAIN 遍访: by colour", "rule-colour_yellow", "每月一次"),
        ("DOMAIN 遍访: by colour", "rule-colour_green", "每季一次"),
        ("DOMAIN 遍访: township secretary", "rule-township_monitored", "每半年一次"),
        ("DOMAIN 遍访: post holder", "rule-post_face_check", "见面核查"),
        ("DOMAIN 遍访: house", "rule-house_dangerous-season", "汛期每月查两次"),
        ("DOMAIN 遍访: water supply", "rule-water_supply-season", "枯水期每月"),
        // The problems that the two rules about houses name (危房不住人，住人无危房).
        ("DOMAIN 房: C or D and lived in", "choice-issue-kind-danger_lived_in", "危房住人"),
        ("DOMAIN 房: D standing and empty", "choice-issue-kind-due_demolition", "应拆未拆"),
        ("DOMAIN 房: without a report", "choice-issue-kind-unassessed", "未鉴定"),
        ("DOMAIN 房: without a sign", "choice-issue-kind-no_sign", "无警示标识"),
        ("DOMAIN 公岗签到: 见面核查", "choice-issue-kind-post_absent", "缺岗"),
        ("DOMAIN 公岗签到: 见面核查", "choice-issue-kind-post_substitute", "他人代岗"),
    ] {
        assert!(zh(key).contains(word), "{key} says {:?} and not {word} ({source})", zh(key));
    }
}

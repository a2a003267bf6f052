//! Invented names, ID numbers and telephone numbers.

use super::dice::Dice;
use bianfang_shared::day::Day;
use bianfang_shared::ledger::id_check_char;

/// Common surnames, the more common more often, and a few with several readings so that search can be tried.
const SURNAMES: &[char] = &[
    '王', '王', '王', '李', '李', '李', '张', '张', '张', '刘', '刘', '陈', '陈', '杨', '黄', '周', '吴',
    '徐', '孙', '胡', '朱', '高', '林', '何', '郭', '罗', '宋', '谢', '唐', '许', '邓', '冯', '韩', '曹',
    '彭', '曾', '肖', '田', '董', '潘', '袁', '蔡', '余', '叶', '程', '魏', '吕', '丁', '任', '卢', '姚',
    '钟', '谭', '汪', '单', '解', '仇', '区',
];
const MALE: &[char] = &[
    '伟', '强', '军', '勇', '杰', '明', '辉', '刚', '平', '建', '国', '文', '华', '志', '良', '福', '德',
    '春', '林', '海', '波', '涛', '峰', '松', '柏',
];
const FEMALE: &[char] = &[
    '芳', '丽', '敏', '静', '秀', '英', '桂', '兰', '香', '凤', '玲', '娟', '霞', '梅', '红', '艳', '萍',
    '燕', '云', '莲', '珍', '琴', '月', '春', '冬',
];

/// A surname.
pub(super) fn surname(dice: &mut Dice) -> char {
    *dice.pick(SURNAMES)
}

/// A full name.
pub(super) fn full(dice: &mut Dice, surname: char, male: bool) -> String {
    let given = if male { MALE } else { FEMALE };
    let mut name = String::from(surname);
    name.push(*dice.pick(given));
    if dice.percent(65) {
        name.push(*dice.pick(given));
    }
    name
}

/// An ID number with the right check character and a prefix that no place has.
pub(super) fn id_number(dice: &mut Dice, born: Day, male: bool) -> String {
    let serial = dice.below(499) * 2 + u64::from(male);
    let first = format!("999999{:04}{:02}{:02}{serial:03}", born.year(), born.month(), born.day());
    let check = id_check_char(&first).expect("seventeen digits were written just before");
    format!("{first}{check}")
}

/// A telephone number that no carrier assigns.
pub(super) fn phone(dice: &mut Dice) -> String {
    format!("100{:08}", dice.below(100_000_000))
}

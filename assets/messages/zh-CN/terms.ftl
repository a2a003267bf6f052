### The field's own words: roles, ledgers, fields, choices, outcomes, grades, checks, rules, reasons.

role-cadre = 帮扶干部
role-team_member = 驻村工作队员
role-village_secretary = 村支书
role-family_doctor = 家庭签约医生
role-supervisor = 督导
role-administrator = 管理员

outcome-at_home = 在家
outcome-nobody_home = 无人在家
outcome-refused = 拒访
outcome-working_away = 外出务工
outcome-road_cut = 道路中断
outcome-moved_away = 已搬离
outcome-done = 已完成
outcome-unknown = 新版本的结果

grade-credible = 可信
grade-doubtful = 存疑
grade-insufficient = 不足
grade-credible-means = 佐证齐全，可以采信。
grade-doubtful-means = 有几处说不清，督导会多看一眼。能补的请现在补。
grade-insufficient-means = 佐证不足，可能不算一次有效走访。请看下面的原因，能补的现在补。

finding-pass = 通过
finding-unknown = 无法判断
finding-doubt = 存疑
finding-fail = 不通过

state-waiting = 待审核
state-approved = 已审核
state-sent_back = 已退回
state-retracted = 已撤回

verdict-approved = 审核通过
verdict-sent-back = 退回
verdict-unknown = 新版本的意见

## Evidence checks. Numbers come as words: distances, spans of time.

check-fix_age-pass = 定位是保存前 { $age_s }测的
check-fix_age-unknown = 没有定位时间
check-fix_age-doubt = 定位是 { $age_s }以前测的，超过 { $limit_s }
check-fix_age-fail = 定位是 { $age_s }以前测的，太旧了
check-fix_age-fail-bare = 没有定位
check-accuracy-pass = 定位误差 ±{ $accuracy_m }
check-accuracy-unknown = 没有定位，误差无从判断
check-accuracy-doubt = 定位误差 ±{ $accuracy_m }，超过 { $limit_m }
check-accuracy-fail = 定位误差 ±{ $accuracy_m }，大于 { $limit_m }，太不准了
check-distance-pass = 距定位点 { $distance_m }，误差 ±{ $accuracy_m }
check-distance-unknown = 距离不作判断（道路中断，或没有可比的定位点）
check-distance-unknown-bare = 这户没有定位点或没有定位，距离无从判断
check-distance-doubt = 距定位点 { $distance_m }，误差 ±{ $accuracy_m }，超过 { $limit_m }
check-distance-fail = 距定位点 { $distance_m }，误差 ±{ $accuracy_m }，超过 { $limit_m }，不像在这户
check-mock-pass = 没有发现模拟定位
check-mock-unknown = 网页看不出是否模拟定位
check-mock-doubt = 网页看不出是否模拟定位
check-mock-fail = 手机开着模拟定位
check-dwell-pass = 在户 { $dwell_s }
check-dwell-unknown = 没有见到人，不看在户时长
check-dwell-doubt = 在户 { $dwell_s }，不到 { $limit_s }
check-dwell-fail = 在户 { $dwell_s }，不到 { $limit_s }，太短了
check-travel-pass = 与上一条记录之间的路程合理
check-travel-unknown = 没有上一条记录可比
check-travel-doubt = 从上一条记录到这里相距 { $distance_m }，隔了 { $elapsed_s }，有点快
check-travel-fail = 从上一条记录到这里相距 { $distance_m }，只隔了 { $elapsed_s }，时速约 { $speed_km_h } 公里，不可能
check-hour-pass = 走访时间在 { $from_h }–{ $until_h } 点之间
check-hour-unknown = 走访时间不作判断
check-hour-doubt = 走访时间是 { $hour_h } 点，不在 { $from_h }–{ $until_h } 点之间
check-hour-fail = 走访时间是 { $hour_h } 点，不在 { $from_h }–{ $until_h } 点之间
check-clock-pass = 手机时间与中心一致
check-clock-unknown = 还没有与中心对过时间
check-clock-doubt = 手机时间差了 { $offset_s }，超过 { $limit_s }
check-clock-fail = 手机时间差了 { $offset_s }，超过 { $limit_s }，太多了
check-chain-pass = 记录链完整，签名有效
check-chain-unknown = 上传后由中心核对记录链
check-chain-doubt = 这条之前缺了记录
check-chain-fail = 记录链或签名对不上
check-other = 新版本的检查

## Why an operation was set aside

reason-unreadable = 中心读不懂这一条：{ $detail }
reason-misnumbered = 编号与发送时的不一致
reason-author_mismatch = 记录人与登录的人不是同一个
reason-not_a_village = 区划代码不是村级的
reason-outside_grants = 记录人没有这个村的权限
reason-role_forbids = 记录人的身份不允许这样做
reason-unknown_entity = 台账里还没有这一户（或这一项），等它到了会自动补上
reason-unknown_observation = 中心还没有那条记录，等它到了会自动补上
reason-wrong_place = 这一项属于别的村或别的台账
reason-bad_value = 有一个值不合规定：{ $detail }
reason-too_many = 数量超过上限：{ $detail }
reason-duplicate_record = 已经有一条同编号的记录
reason-own_rectification = 验收人不能是整改人自己
reason-unknown = 新版本的原因，请更新后再看

## Schedule rules

rule-colour_orange = 橙码户每月两次
rule-colour_yellow = 黄码户每月一次
rule-colour_green = 绿码户每季一次
rule-cadre_assigned = 帮扶户每月一次
rule-doctor_assigned = 签约户每月一次
rule-secretary_village = 本村脱贫户、监测户每月一次
rule-team_village = 本村脱贫户、监测户每月一次
rule-township_monitored = 全镇监测户每半年一次

## Topics of problems

topic-monitoring = 应纳未纳
topic-housing = 住房安全
topic-schooling = 控辍保学
topic-insurance = 重点人群未参保
topic-water = 饮水工程
topic-elderly = 老人户保障
topic-industry = 产业带贫
topic-employment = 就业帮扶
topic-finance = 金融帮扶
topic-relocation = 搬迁社区
topic-assets = 项目资产
topic-recognition = 群众认可
topic-other = 其他

## 户

field-household-code = 户编号
field-household-head_name = 户主
field-household-group = 村民小组
field-household-address = 住址
field-household-anchor = 定位点
field-household-phone = 电话
field-household-phone_owner = 机主
choice-household-phone_owner-self = 本人
choice-household-phone_owner-family = 家属
field-household-categories = 户类型
choice-household-categories-lifted = 脱贫户
choice-household-categories-unstable = 脱贫不稳定户
choice-household-categories-marginal = 边缘易致贫户
choice-household-categories-sudden_hardship = 突发严重困难户
choice-household-categories-low_income = 低保户
choice-household-categories-low_income_edge = 低保边缘户
choice-household-categories-destitute = 特困供养户
choice-household-categories-disabled = 残疾人户
choice-household-categories-serious_illness = 大病户
choice-household-categories-elderly = 老人户
choice-household-categories-ordinary = 一般农户
field-household-colour = 三色码
choice-household-colour-green = 绿
choice-household-colour-yellow = 黄
choice-household-colour-orange = 橙
field-household-risk_reasons = 风险原因
choice-household-risk_reasons-illness = 因病
choice-household-risk_reasons-disability = 因残
choice-household-risk_reasons-disaster = 因灾
choice-household-risk_reasons-schooling = 因学
choice-household-risk_reasons-unemployment = 因失业
choice-household-risk_reasons-other = 其他
field-household-risk_state = 风险状态
choice-household-risk_state-none = 无风险
choice-household-risk_state-present = 风险未消除
choice-household-risk_state-removed = 风险已消除
field-household-insured = 医保参保
choice-household-insured-all = 全部参保
choice-household-insured-some = 部分参保
choice-household-insured-none = 未参保
field-household-food_state = 吃饭
choice-household-food_state-ok = 不愁
choice-household-food_state-short = 有困难
field-household-clothing_state = 穿衣
choice-household-clothing_state-ok = 不愁
choice-household-clothing_state-short = 有困难
field-household-education_state = 义务教育
choice-household-education_state-ok = 有保障
choice-household-education_state-dropout = 有失学辍学
choice-household-education_state-home_teaching = 送教上门
choice-household-education_state-not_applicable = 无适龄儿童
field-household-housing_state = 住房
choice-household-housing_state-safe = 安全
choice-household-housing_state-suspect = 疑似危房
choice-household-housing_state-unsafe = 危房
field-household-water_state = 饮水
choice-household-water_state-met = 达标
choice-household-water_state-basic = 基本达标
choice-household-water_state-unmet = 不达标
field-household-income_source = 收入来源
choice-household-income_source-wages = 务工
choice-household-income_source-farming = 种养
choice-household-income_source-post = 公益岗位
choice-household-income_source-transfers = 转移性收入
choice-household-income_source-business = 经营
choice-household-income_source-other = 其他
field-household-income_per_head = 人均年收入（元）
field-household-satisfaction = 满意度
choice-household-satisfaction-satisfied = 满意
choice-household-satisfaction-fair = 一般
choice-household-satisfaction-dissatisfied = 不满意
field-household-relocation_site = 搬迁安置点
field-household-cadre = 帮扶责任人
field-household-family_doctor = 家庭签约医生
field-household-house = 住房台账
field-household-water_supply = 供水点台账
field-household-remark = 备注

## 人

field-person-household = 所在户
field-person-name = 姓名
field-person-id_number = 身份证号
field-person-relation = 与户主关系
choice-person-relation-head = 户主
choice-person-relation-spouse = 配偶
choice-person-relation-child = 子女
choice-person-relation-parent = 父母
choice-person-relation-grandchild = 孙辈
choice-person-relation-other = 其他
field-person-birth = 出生日期
field-person-health = 健康状况
choice-person-health-good = 健康
choice-person-health-chronic = 慢性病
choice-person-health-serious = 大病
choice-person-health-disabled = 残疾
field-person-disability = 残疾等级
choice-person-disability-none = 无
choice-person-disability-mild = 一般残疾
choice-person-disability-severe = 重度残疾
field-person-certificate_expiry = 残疾证到期
field-person-school_state = 上学情况
choice-person-school_state-not_applicable = 不适龄
choice-person-school_state-in_school = 在校
choice-person-school_state-home_teaching = 送教上门
choice-person-school_state-dropout = 失学辍学
choice-person-school_state-finished = 已毕业
field-person-insured = 是否参保
field-person-work_place = 务工地点
field-person-employer = 务工单位
field-person-phone = 电话

## 问题

field-issue-topic = 专题
choice-issue-topic-monitoring = 应纳未纳
choice-issue-topic-housing = 住房安全
choice-issue-topic-schooling = 控辍保学
choice-issue-topic-insurance = 重点人群未参保
choice-issue-topic-water = 饮水工程
choice-issue-topic-elderly = 老人户保障
choice-issue-topic-industry = 产业带贫
choice-issue-topic-employment = 就业帮扶
choice-issue-topic-finance = 金融帮扶
choice-issue-topic-relocation = 搬迁社区
choice-issue-topic-assets = 项目资产
choice-issue-topic-recognition = 群众认可
choice-issue-topic-other = 其他
field-issue-what = 问题
field-issue-subject = 涉及的户
field-issue-urgent = 紧急
field-issue-lead = 牵头部门
field-issue-responsible = 责任人
field-issue-deadline = 整改期限
field-issue-state = 状态
choice-issue-state-open = 待整改
choice-issue-state-under_way = 整改中
choice-issue-state-to_accept = 待验收
choice-issue-state-closed = 已销号
choice-issue-state-sent_back = 退回

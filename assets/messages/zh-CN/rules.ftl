### 规则的用词：房、供水点、公岗的台账，判定、周期、照片佐证。

## 房

field-house-household = 所属户
field-house-code = 房屋编号
field-house-name = 房屋名称
field-house-address = 位置
field-house-point = 定位点
field-house-structure = 结构
choice-house-structure-brick_concrete = 砖混
choice-house-structure-brick_timber = 砖木
choice-house-structure-earth_timber = 土木
choice-house-structure-adobe = 土坯
choice-house-structure-stone = 石
choice-house-structure-other = 其他
field-house-storeys = 层数
field-house-year = 建成年份
field-house-grade = 等级
choice-house-grade-A = A 级（安全）
choice-house-grade-B = B 级（基本安全）
choice-house-grade-C = C 级（局部危房）
choice-house-grade-D = D 级（整幢危房）
field-house-graded_by = 定级依据
choice-house-graded_by-report = 鉴定报告
choice-house-graded_by-first_judgement = 现场初判
field-house-report_no = 鉴定报告编号
field-house-report_date = 鉴定日期
field-house-lived_in = 是否住人
field-house-sign_posted = 警示标识
field-house-sealed = 是否封房
field-house-rectification = 整改状态
choice-house-rectification-none_needed = 无需整改
choice-house-rectification-to_be_assessed = 待鉴定
choice-house-rectification-to_be_renovated = 待改造
choice-house-rectification-being_renovated = 改造中
choice-house-rectification-renovated = 已改造
choice-house-rectification-demolished = 已拆除
choice-house-rectification-sealed_up = 已封存
field-house-remark = 备注

## 供水点

field-water_supply-name = 供水点名称
field-water_supply-code = 供水点编号
field-water_supply-kind = 供水类型
choice-water_supply-kind-central = 集中供水
choice-water_supply-kind-small = 小型集中供水
choice-water_supply-kind-well = 井
choice-water_supply-kind-spring = 泉
choice-water_supply-kind-cistern = 水窖
choice-water_supply-kind-diverted = 引水
field-water_supply-address = 位置
field-water_supply-point = 定位点
field-water_supply-unit = 责任单位
field-water_supply-keeper = 管护员
field-water_supply-keeper_phone = 管护员电话
field-water_supply-households_served = 供水户数
field-water_supply-price = 水价（元/立方米）
field-water_supply-latest_result = 最近检查结果
choice-water_supply-latest_result-met = 达标
choice-water_supply-latest_result-basic = 基本达标
choice-water_supply-latest_result-unmet = 不达标
field-water_supply-report_meets = 水质报告合格
field-water_supply-report_date = 水质报告日期
field-water_supply-shortage_months = 缺水月份
choice-water_supply-shortage_months-1 = 1 月
choice-water_supply-shortage_months-2 = 2 月
choice-water_supply-shortage_months-3 = 3 月
choice-water_supply-shortage_months-4 = 4 月
choice-water_supply-shortage_months-5 = 5 月
choice-water_supply-shortage_months-6 = 6 月
choice-water_supply-shortage_months-7 = 7 月
choice-water_supply-shortage_months-8 = 8 月
choice-water_supply-shortage_months-9 = 9 月
choice-water_supply-shortage_months-10 = 10 月
choice-water_supply-shortage_months-11 = 11 月
choice-water_supply-shortage_months-12 = 12 月
field-water_supply-scarce = 缺水地区
field-water_supply-remark = 备注

## 公岗

field-post-name = 岗位名称
field-post-code = 岗位编号
field-post-kind = 岗位类型
choice-post-kind-cleaning = 保洁
choice-post-kind-forest = 护林
choice-post-kind-road = 护路
choice-post-kind-water = 水管
choice-post-kind-river = 护河
choice-post-kind-facilities = 公共设施
choice-post-kind-other = 其他
field-post-holder = 公岗人员
field-post-point = 岗位定位点
field-post-radius_m = 岗位范围（半径，米）
field-post-area = 岗位范围（边界）
field-post-required_days = 每月应出勤天数
field-post-contract_from = 合同起
field-post-contract_to = 合同止
field-post-subsidy = 补贴（元/月）
field-post-remark = 备注

## 人、问题：补充

field-person-work_state = 务工情况
choice-person-work_state-none = 未务工
choice-person-work_state-near = 就近务工
choice-person-work_state-away = 外出务工
field-issue-kind = 问题类别
choice-issue-kind-danger_lived_in = 危房住人
choice-issue-kind-due_demolition = 应拆未拆
choice-issue-kind-unassessed = 未鉴定
choice-issue-kind-reassess = 需重新鉴定
choice-issue-kind-no_sign = 无警示标识
choice-issue-kind-water_unmet = 饮水不达标
choice-issue-kind-smell = 水有异味异色
choice-issue-kind-shortage = 季节性缺水
choice-issue-kind-unstable = 供水不稳定
choice-issue-kind-no_keeper = 无人管护
choice-issue-kind-fees = 水费问题
choice-issue-kind-untested = 水质未检测
choice-issue-kind-reading_off = 现场检测值异常
choice-issue-kind-post_absent = 缺岗
choice-issue-kind-post_substitute = 他人代岗
choice-issue-kind-post_idle = 占岗不做事
field-issue-responsible_unit = 责任单位

## 不合规定的内容：补充

reason-fault-wrong_shape-area = 应是一片范围，至少三个边界点

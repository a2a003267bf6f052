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

## 佐证：岗位范围与照片

check-area-pass = 在岗位范围内
check-area-unknown = 岗位没有范围或没有定位，位置无从判断
check-area-doubt = 在岗位范围外 { $outside_m }，误差 ±{ $accuracy_m }，位置不太相符
check-area-fail = 在岗位范围外 { $outside_m }，误差 ±{ $accuracy_m }，位置不符
check-photos_present-pass = 要求的照片都有
check-photos_present-unknown = 照片还没有到中心
check-photos_present-doubt = 要求的照片还缺 { $missing_count } 项
check-photos_present-fail = 要求的照片还缺 { $missing_count } 项
check-photo_source-pass = 照片都是在遍访里拍的
check-photo_source-unknown = 不知道照片从哪里来
check-photo_source-doubt = 有 { $gallery_count } 张照片是从相册选的，请尽量现场拍
check-photo_source-fail = 有 { $gallery_count } 张照片是从相册选的
check-photo_seen-pass = 照片没有在别的记录里出现过
check-photo_seen-unknown = 照片还没有与别的记录比对
check-photo_seen-doubt = 有 { $near_count } 张照片与别的记录里的很像
check-photo_seen-fail = 有 { $same_count } 张照片与别的记录里的是同一张
check-photo_time-pass = 照片是填表时拍的
check-photo_time-unknown = 照片没有说明什么时候拍的
check-photo_time-doubt = 照片的拍摄时间与记录差 { $apart_s }
check-photo_time-fail = 照片的拍摄时间与记录差 { $apart_s }，对不上
check-photo_place-pass = 照片是在记录的地点拍的
check-photo_place-unknown = 照片没有说明在哪里拍的
check-photo_place-doubt = 照片的拍摄地点与记录差 { $apart_m }
check-photo_place-fail = 照片的拍摄地点与记录差 { $apart_m }，对不上

## 房屋判定的理由

house-reason-foundation-severe = 地基严重受损
house-reason-foundation-slight = 地基轻微受损
house-reason-walls-severe = 墙体严重受损
house-reason-walls-slight = 墙体轻微受损
house-reason-frame-severe = 梁柱严重受损
house-reason-frame-slight = 梁柱轻微受损
house-reason-roof-severe = 楼屋面严重受损
house-reason-roof-slight = 楼屋面轻微受损
house-reason-surroundings-severe = 周边有严重险情
house-reason-surroundings-slight = 周边有轻微险情
house-reason-foundation_crack = 地基裂缝宽 { $crack_mm } 毫米，超过 { $limit_mm } 毫米
house-reason-walls_crack = 墙体裂缝宽 { $crack_mm } 毫米，超过 { $limit_mm } 毫米
house-reason-frame_crack = 梁柱裂缝宽 { $crack_mm } 毫米，超过 { $limit_mm } 毫米
house-reason-foundation_tilt = 房屋每米倾斜 { $tilt_mm_m } 毫米，超过 { $limit_mm_m } 毫米
house-reason-walls_tilt = 墙体每米倾斜 { $tilt_mm_m } 毫米，超过 { $limit_mm_m } 毫米
house-reason-several_severe = 有 { $parts_count } 个承重部位严重受损，整幢危险
house-reason-all_sound = 各部位完好
house-reason-worse_than_report = 现场看是 { $found } 级，比鉴定报告的 { $reported } 级差，以报告为准，需重新鉴定
house-reason-better_than_report = 现场看是 { $found } 级，比鉴定报告的 { $reported } 级好，以报告为准

## 饮水四项指标

water-indicator-quantity = 水量
water-indicator-quality = 水质
water-indicator-convenience = 方便程度
water-indicator-reliability = 保证率
water-reading-chlorine = 游离氯 { $reading } mg/L，应在 { $min }–{ $max } mg/L
water-reading-turbidity = 浑浊度 { $reading } NTU，应不超过 { $max } NTU
water-reading-ph = pH { $reading }，应在 { $min }–{ $max }

## 公岗提示

post-flag-several_posts = 一人多岗：共 { $posts_count } 个岗位
post-flag-too_old = 不宜安置：{ $age_y } 岁（{ $limit_y } 岁以上）
post-flag-severely_disabled = 不宜安置：重度残疾
post-flag-works_away = 不宜安置：本人外出务工
post-flag-others_away = 不宜安置：家中另有 { $others_count } 人外出务工
post-flag-same_point = 与别的岗位几分钟内在同一个点签到
post-flag-same_photo = 与别的岗位几分钟内用了同一张照片

## 问题：为什么不能办这一步

issue-forbidden-role = 验收和退回由督导办理
issue-forbidden-own_rectification = 验收人不能是整改人自己
issue-forbidden-state = 问题还没有到这一步

## 周期

rule-house_dangerous = C、D级房住人或未封的每月查
rule-house_dangerous-season = 汛期每月查两次
rule-water_supply = 供水点每季查
rule-water_supply-season = 枯水期每月查
rule-post_face_check = 公岗每月见面核查

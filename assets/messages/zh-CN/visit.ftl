### Forms of every kind.

visit-outcome = 这次走访的结果
visit-met = 见到了谁
visit-met-hint = 如：户主本人、儿媳
visit-note = 备注
visit-neutral = 如实记录就好，不影响村里排名，下次走访顺延一周（最多两次）。
visit-required = 必填
visit-known = 台账上是：{ $value }
visit-confirm = 没有变
visit-known-all = 有 { $n } 项台账上已经有了
visit-confirm-all = 都没有变
visit-progress = 已答 { $answered } / { $total } 题
visit-progress-label = 填写进度
visit-count = { $answered }/{ $total }
visit-keeping = 正在存…
visit-kept = 草稿已存本机
visit-not-kept = 没有存上
visit-problems = 还有 { $n } 处要补
visit-problem-line = { $question }：{ $problem }
visit-drop = 不要了
visit-drop-title = 丢弃这次填写
visit-drop-sure = 填的内容会删掉，找不回来。直接返回则会留作草稿。
visit-drop-no = 留着
visit-drop-yes = 丢弃

answer-yes = 是
answer-no = 否

problem-required = 还没有填
problem-out_of_bounds = 应在 { $min } 到 { $max } 之间
problem-not_a_choice = 请从选项里选
problem-bad_date = 日期不对，如 2025-07-18
problem-too_long = 字数太多，请缩短
problem-wrong_shape = 格式不对，请重新填

gps-title = 定位
gps-accuracy = 误差
gps-plus-minus = ±{ $m }
gps-distance = 距定位点
gps-at = 测得时间

advice-searching = 正在定位。请站到门口或空旷处。
advice-refused = 定位没有允许。请点地址栏左边的锁形图标，打开“位置”，再回到这里。
advice-unavailable = 收不到卫星信号。走到门外空旷处，等 10 秒。
advice-too-slow = 还没有定到位。走到门外空旷处，再等 10 秒。
advice-unsupported = 这台设备不能定位。可以照常保存，佐证等级会降低。
advice-old = 上次定位已过去一阵。走到门口，再等 10 秒。
advice-poor = 误差太大。走到门口空旷处，再等 10 秒。
advice-fair = 误差偏大。走到门口再等 10 秒会更准。
advice-far = 离登记的定位点很远。请核对是不是这里。
advice-off = 离登记的定位点偏远。请走近一些，或核对是不是这里。
advice-no-anchor = 定位良好。台账里还没有定位点，可用当前位置补上。
advice-good = 定位良好，就在附近。

effects-title = 本次将更新台账
effects-done = 对台账的更新
effects-none = 台账不变，只留下这条记录。
effects-strike = 不更新
effects-take-back = 恢复
effects-struck = 已划去，保存时不更新这一项
effects-opens = 新开问题：{ $topic }
effects-opens-urgent = 新开紧急问题：{ $topic }
effects-deadline = 期限 { $days } 天 · 牵头 { $lead }
effects-stands = “{ $topic }”已有未销号的问题，本次记录在案，不重复新开。

evidence-title = 佐证

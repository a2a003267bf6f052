### What the screens say around the ledgers. One idea a message; plain words; what happened, then what to do.

app-name = 遍访
app-line = 没有信号也能用的入户走访

nav-label = 主导航
nav-skip = 跳到正文
nav-today = 今日
nav-ledger = 台账
nav-uploads = 上传
nav-me = 我的
nav-review = 审核
nav-conflicts = 冲突
nav-decisions = 待核定
nav-quarantine = 暂存待处理
nav-badge = { $n } 项待处理

action-back = 返回
action-cancel = 取消
action-save = 保存
action-try-again = 再试一次

list-separator = 、
sentence-gap = {""}
list-unreadable = 有 { $count } 行中心读不出来，其余都在这里。请让管理员在中心运行 bianfang-server verify 检查。
list-more = 再看一些
pager-label = 翻页
pager-before = 上一页
pager-after = 下一页
pager-page = 第 { $n } 页

unit-metres = { $m } 米
unit-kilometres = { $km } 公里
unit-seconds = { $n } 秒
unit-minutes = { $n } 分钟
unit-hours = { $n } 小时
unit-days = { $n } 天

state-loading = 正在读取…

## Before the screens

blocked-starting = 正在打开本机数据…
blocked-elsewhere = 遍访已在另一个窗口打开
blocked-elsewhere-more = 同一时间只能在一个窗口使用，免得数据受损。可以改在这里使用，另一个窗口会停下，填了一半的内容不会丢。
blocked-taken-away = 已转到另一个窗口使用
blocked-taken-away-more = 已保存的记录和草稿都在本机，没有丢失。
blocked-use-here = 在这个窗口使用
blocked-impossible = 本机存不住数据，不能采集
blocked-no-file-system = 这个浏览器（或无痕窗口）不提供本机存储，记录会丢，所以没有打开采集。请用普通窗口打开，或更新浏览器（Chrome 109、Safari 17 以上）。
blocked-no-locks = 浏览器版本太旧，两个窗口同时打开会损坏数据，所以没有打开采集。请更新浏览器后再来。
blocked-other = 请看看手机存储空间是否已满，腾出空间后重新打开。系统的说法：{ $words }
blocked-stopped = 本机数据服务意外停止
blocked-stopped-more = 已保存的记录都在，没有丢失。请重新打开；如果又停，请把这个位置告诉管理员：{ $place }
blocked-open-again = 重新打开

update-ready = 新版本已就绪。没上传的记录会留在本机。
update-start = 启用
update-start-long = 启用新版本

not-found-title = 没有这个页面
not-found-home = 回到首页

## Notes above every screen

note-signed-out = 需要重新登录才能上传。没上传的记录都在本机，可以继续采集。
note-offline = 当前没有信号，可以照常采集。有信号时会自动上传。
note-clock-ahead = 手机时间快了 { $span }。请在系统设置里打开“自动设置时间”，否则佐证等级会降低。
note-clock-behind = 手机时间慢了 { $span }。请在系统设置里打开“自动设置时间”，否则佐证等级会降低。

## Signing in

sign-in-title = 登录
sign-in-user = 用户名
sign-in-password = 密码
sign-in-show = 显示密码
sign-in-hide = 隐藏密码
sign-in-do = 登录
sign-in-busy = 正在登录…
sign-in-missing = 请填写用户名和密码
sign-in-needs-signal = 第一次登录需要信号。登录并同步以后，没有信号也能打开、查找和记录。

## 今日

today-overdue = 已逾期
today-due = 该办的
today-visited = 本月已访
today-record = 记录走访
today-drafts = 没填完的
today-continue = 继续填
today-draft-nameless = 对象不在本机
today-draft-waits = 这张表的对象不在本机：登记被中心搁置，或所在的村现在不归您管。表已留着，对象回来后就能接着填。
today-touched = 上次填写 { $at }
today-sent-back = 退回给我的 { $n } 条
today-overdue-by = 逾期 { $days } 天
today-due-today = 今天到期
today-due-on = { $day } 前
today-nothing-due = 眼下没有该走访的户
today-nothing-due-more = 需要补记时，点下面的按钮找到那一户。
today-more = 还有 { $n } 户，可在台账里查找

here-find = 按距离排
here-again = 更新位置
here-finding = 正在定位…
here-refused = 定位没有允许

first-sync = 台账还没有取回本机
first-sync-more = 第一次同步要有信号。取回以后，没有信号也能查找和记录。

## 台账

ledger-search = 查找户
ledger-search-hint = 姓名、拼音、编号、电话、住址
ledger-village = 村
ledger-all-villages = 全部村
ledger-only-conflicts = 只看有冲突的
ledger-none-found = 没有找到
ledger-none-found-more = 换个说法试试：拼音首字母（如 wxm）、电话后四位、组名都可以。
ledger-nothing-yet = 本机还没有台账
ledger-nothing-yet-more = 有信号时会自动取回。可以到“上传”里点“立即上传”。

household-title = 户台账
household-last-visit = 上次在家走访 { $day }
household-never-visited = 还没有走访过
uncounted-sent_back = { $day } 的走访已退回，不计入
uncounted-set_aside = { $day } 的走访暂存待处理，还没有计入
uncounted-too_weak = { $day } 的走访佐证不足，不计入
uncounted-not_own = { $day } 别人走访过，这里只计您自己的走访
uncounted-other = { $day } 的走访不计入
household-conflicts = { $n } 项冲突
household-visit = 记录走访
household-continue = 继续填写走访
household-facts = 基本情况
household-blank = 未填写的 { $n } 项
household-members = 家庭成员 { $n } 人
household-issues = 问题
household-urgent = 紧急
household-visits = 走访记录
household-no-visits = 还没有走访记录
household-disputes = 说法不一的地方

history-title = 变更历史
history-none = 没有变更
history-cause = 看当时的记录

edit-title = 修改{ $field }
edit-kept = 已存本机
edit-locating = 正在定位，请站在门口…
edit-here = 当前位置：{ $place }
edit-use-here = 用当前位置

secret-show = 显示完整号码
secret-hide = 隐藏号码

value-blank = 未填写
value-unanswered = 未回答
value-entry = 已关联
value-person-unknown = （不在本机名单里的人）
value-point = { $place }（±{ $m }{"\u00A0"}米）
value-bad-too-long = 太长了，最多 { $max } 个字
value-bad-bounds = 应在 { $min } 到 { $max } 之间
value-bad-check-digit = 身份证号最后一位对不上，请再核对一遍
value-bad-character = 含有看不见的字符，请删掉重新输入
value-bad-shape = 格式不对，请再核对一遍

conflict-explained = 两个人各写各的，谁也没看到谁的。两个都留着，请选定一个。
conflict-take = 采用这个
conflict-shown = 台账暂显示这个
conflict-only-here = 仅在本机
conflict-other = 都不对，另填一个
conflict-settled = 已选定，已存本机
household-proposals = 待核定
proposal-adopt = 采纳
proposal-refuse = 不采纳
proposal-take-back = 收回
proposal-waits = 等乡镇核定
proposal-adopted = 已采纳，已存本机
proposal-refused = 已处理，已存本机
effects-to-approve = 提交乡镇核定，核定后生效

## 上传

uploads-only-here = 仅在本机 { $n } 条
uploads-only-here-more = 还没有到中心。手机丢失或清除数据，这些就没了。有信号时请尽快上传。
uploads-none-here = 全部已到中心
uploads-conflicts = 冲突 { $n } 项
uploads-edits = 台账修改
uploads-records = 我的记录
uploads-no-records = 本机还没有记录
uploads-no-records-more = 记录保存以后，每条到了哪一步都在这里看。

sync-title = 与中心交换
sync-now = 立即上传
sync-to-send = 待上传 { $n } 项（含台账修改和问题）
sync-fetched = 已取回 { $n } 条
sync-fetched-of = 已取回 { $n } / { $total } 条
sync-last-success = 上次成功 { $at }
sync-never = 还没有成功交换过
sync-next = 下次自动尝试 { $at }

phase-idle = 空闲
phase-unsent = 等待上传
phase-greeting = 正在联系中心…
phase-pushing = 正在上传…
phase-pulling = 正在取回…
phase-photos = 正在上传照片
phase-waiting = 等待信号
phase-signed-out = 未登录

export-title = 最后的办法
export-do = 导出未上传的记录
export-why = 手机一直没有信号时，把导出的文件用微信或数据线交给管理员导入。导出不会删除本机的记录。
export-nothing = 没有未上传的内容，不需要导出。
export-done = 已导出 { $n } 项：{ $name }。请把文件交给管理员。

place-device = 已存本机
place-device-next = 已经稳稳存在这部手机里。有信号时会自动上传，也可以到“上传”里点“立即上传”。
place-centre = 中心已收
place-centre-next = 中心已经收下并写入台账，等待审核。
place-photos = 照片 { $held }/{ $total }
place-photos-next = 记录已收，还有照片在上传。有信号时会自动继续，断了从断点接着传。
place-complete = 照片已齐
place-complete-next = 记录和全部照片中心都已收下并核对无误，等待审核。
place-set_aside = 暂存待处理
place-set_aside-next = 中心收下了，但还不能写入台账。没有丢失，管理员会处理；也可以照原因补正。
place-approved = 已审核
place-approved-next = 督导已审核通过。
place-sent_back = 已退回
place-sent_back-next = 督导退回了这条记录，请按意见补充。
place-retracted = 已撤回
place-retracted-next = 这条记录已撤回，仍可查看。
place-withdrawal_asked = 申请撤回
place-withdrawal_asked-next = 这条记录已经审核，撤回要由督导决定。
way-label = 记录走到哪一步

edit-register = 新登记
edit-amend = 修改台账
edit-record = 记录
edit-retract = 撤回记录
edit-review = 审核意见
edit-propose = 提交核定
edit-refuse = 不采纳申请
edit-accompany = 确认同行
edit-step = 问题办理
edit-unknown = 新版本的操作

record-title = 记录
record-in-conflict = 与别人的说法不一
record-outcome = 结果
record-met = 见到谁
record-author = 记录人
record-companion = 同行
record-companion-confirmed = { $name }（已确认）
record-companion-waits = { $name }（本人还没有确认，不算同行）
record-companion-confirm = 我同行了
record-time = 时间
record-when = { $day } { $from }–{ $until }
record-dwell = 停留时长
record-note = 备注
record-no-answers = 没有回答的问题
record-other-answers = 新版本的问题
record-sent-back = 督导退回，意见如下

saved-next = 记下一条

## 我的

me-name = 姓名
me-account = 用户名
me-role = 身份
me-villages = 负责的村
me-language = 语言 / Language
me-storage = 本机存储
me-clock = 手机时间
me-clock-good = 与中心一致
me-version = 版本
me-version-number = 版本号
me-build = 构建编号
me-update = 更新
me-update-none = 已是最新
me-sign-out = 退出登录

storage-promise = 是否长期保留
storage-kept = 会长期保留
storage-may-be-cleared = 可能被系统清理
storage-unknown = 系统没有说明
storage-kept-means = 系统答应保留，除非您自己清除数据或卸载。
storage-may-be-cleared-means = 手机空间紧张或很久不用时，系统可能清掉没上传的记录。请把遍访添加到主屏幕，再点“请求长期保留”，并尽快上传。
storage-unknown-means = 请尽快上传，不要把记录长期留在本机。
storage-used = 已用空间
storage-used-of = { $used }，上限 { $quota }
storage-households = 本机台账户数
storage-ask = 请求长期保留

sign-out-unsent = 还有 { $n } 项没有上传。它们会留在这部手机里，下次登录后继续上传。
sign-out-sure = 退出以后，要有信号才能再登录。确定退出吗？

## Troubles. What happened, what to do.

trouble-detail = 技术说明
trouble-offline = 现在没有信号。有信号以后再试。
trouble-bad_credentials = 用户名或密码不对，请重新输入。
trouble-signed_out = 登录已失效，请重新登录。没上传的记录都在本机。
trouble-not_found = 没有找到，可能还没有同步到本机。
trouble-form_incomplete = 还有没填好的地方，请看标出来的问题。
trouble-no_grant = 您没有这个村的权限。需要的话请联系管理员。
trouble-storage_full = 手机存储空间满了，没有存上。请删掉一些照片或视频，再试一次；填的内容都还在。
trouble-storage_broken = 本机数据打不开。请不要清除数据，重新打开遍访；仍不行请联系管理员。
trouble-server_refused = 中心没有接受。请看说明，或联系管理员。
trouble-server_trouble = 中心出了故障，稍后会自动再试。您的记录都在本机。
trouble-quota_reached = 今天上传得太多了，中心请您明天再传，到时会自动再试。您的记录都在本机，一条也没有丢。
trouble-centre_full = 中心的硬盘满了，暂时不收，有了空间会自动再传。请告诉管理员；您的记录都在本机。
trouble-bad_value = 填的内容不合规定，没有存上。请改过再存。
trouble-too_large = 内容太大，没有存上。请缩短文字再试。
trouble-not_now = 现在忙不过来，请过一会儿再试。
trouble-photo_missing = 有照片不在本机，没有存上。请把那张照片重拍一次；填的内容都还在。
trouble-photo_lost = 这张照片本机和中心都没有了。记录还在；需要的话请补拍。
trouble-photo_damaged = 这张照片在本机的数据坏了，传不上去。记录还在；需要的话请补拍。
trouble-picture_failed = 这张照片在本机处理不了。请再拍一次；其他内容都还在。
trouble-not_reviewer = 验收和退回只能由督导做；记录只能由本人或督导撤回。
trouble-own_rectification = 自己整改的问题要由别人验收。
trouble-not_named = 这条记录里没有写您同行，或者它就是您自己记的。
trouble-centre_older = 中心的版本还不支持这项操作，没有保存。请等中心升级后再试。
trouble-report_first = 按鉴定报告定级，要先填报告编号和报告日期。
trouble-wrong_state = 这个问题的状态变了，现在不能做这一步。请重新打开看看。
trouble-own_record = 自己写的或自己同行的记录，由别人审核。
trouble-not_office = 只有乡镇能核定。
trouble-other = 没有办成（{ $code }）。请再试一次，仍不行请联系管理员。

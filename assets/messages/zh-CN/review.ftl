### 督导: reviewing, conflicts, what was set aside.

review-search = 户主、供水点、岗位或编号
review-none = 没有符合条件的记录
review-none-more = 放宽条件再看看。
review-choose = 从左边选一条记录
review-issues = 新开 { $n } 个问题
review-received = 中心收到 { $at }
review-history = 审核经过
review-history-none = 还没有审核意见
review-word = 审核意见
review-comment = 意见（退回时必填，会发到记录人的手机上）
review-comment-missing = 退回要写明哪里要补，记录人才知道怎么办
review-approve = 审核通过
review-send-back = 退回
review-said = 意见已存本机，正在上传

filter-all = 全部
filter-more = 更多条件
filter-state = 状态
filter-grade = 佐证
filter-village = 村
filter-author = 记录人
filter-outcome = 结果
filter-from = 从
filter-until = 到

plan-label = 记录位置距定位点 { $distance }，误差 ±{ $accuracy }
plan-north = 北
plan-anchor = 台账里的定位点
plan-fix = 记录位置与误差
plan-no-fix = 这条记录没有定位，画不出位置图。
plan-no-anchor = 台账里还没有定位点，画不出位置图。

conflicts-none = 没有冲突
conflicts-none-more = 两个人对同一项写得不一样时，会出现在这里。
conflicts-to-entry = 查看这一项

decisions-proposals = 申请修改
decisions-proposals-explained = 职责以外的修改先记为申请，采纳后才写入台账。
decisions-proposals-none = 没有等待核定的申请
decisions-registrations = 新登记
decisions-registrations-explained = 入户时新登记的户、人，登记后就能用；核定后才计入覆盖率和排名。
decisions-registrations-none = 没有等待核定的新登记
decisions-same_code = 重码
decisions-same_code-explained = 同一个村里编号相同的两条。其中一条要换新编号；如果是同一户，先留着，等合并。
decisions-same_code-none = 没有重码
decisions-withdrawals = 申请撤回
decisions-withdrawals-explained = 已审核的记录，填报人申请撤回，由督导决定。
decisions-withdrawals-none = 没有撤回申请
decision-registered-by = 登记人：{ $name }
decision-confirm = 核定
decision-confirmed = 已核定，已存本机
decision-renumber = 换新编号
decision-renumbered = 编号已改，已存本机
same-code-with = 编号相同的还有：
review-withdrawals = 撤回
withdrawal-asked-lead = 填报人申请撤回这条已审核的记录。
withdrawal-agree = 同意撤回
withdrawal-refuse = 不同意
withdrawal-agreed = 同意撤回
withdrawal-refused = 不同意撤回，维持审核结论
quarantine-explained = 这些操作中心已经收下，暂时不能写入台账。一条也没有丢；缺的东西到了会自动补上，其余请按原因处理。
quarantine-none = 没有暂存的操作
quarantine-raw = 原文与技术说明
review-own = 自己写的或自己同行的记录，由别人审核。
quarantine-raw-cut = 内容很长，这里只显示开头；全文共 { $bytes } 字节，都在中心留着。

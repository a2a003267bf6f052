### 照片：拍、选、看、导出；相机。

photo-required = 必拍
photo-count = { $n }/{ $max }
photo-missing-one = 还没有拍
photo-take = 拍照
photo-choose = 从相册选
photo-choose-means = 从相册选的照片会标上“相册”，佐证等级会低一些。
photo-gallery = 相册
photo-source-unknown = 来源不明
photo-keeping = 正在存…
photo-keeping-wait = 照片正在存，请稍候
photo-look = 照片
photo-look-at = 看大图：{ $what }
photo-close = 关闭
photo-before = 上一张
photo-after = 下一张
photo-larger = 放大
photo-smaller = 缩小
photo-fetching = 正在取照片…
photo-not-here = 还没有到
photo-not-here-more = 本机没有这张照片，中心也还没有给出来。有信号时再看；照片上传以后就能看到。
photo-export = 导出带水印照片
photo-exported = 已导出 { $name }。原照片没有改动。
photo-not-exported = 没能导出。请等大图显示出来再试。
photo-drop = 删掉这张照片
photo-drop-title = 删掉这张照片？
photo-drop-sure = 删掉以后这份记录里就没有它了，要用只能重拍。
photo-drop-no = 留着
photo-drop-yes = 删掉
photo-full = 最多 { $n } 张，已经够了
photo-twice = 这张照片已经有了，没有重复加入
photo-unreadable = 这个文件打不开，没有加入。请换一张，或现场拍一张。
photo-refused-read = 知道了
photo-same-as = 与“{ $name }”{ $day } 的照片是同一张。请现场重新拍，否则佐证不通过。
photo-like = 与“{ $name }”{ $day } 的照片很像。如果不是同一个地方，请换个角度再拍一张。

photo-state-device = 仅在本机
photo-state-sending = 正在上传
photo-state-held = 中心已收
photo-state-failed = 传不上去

photo-failed-too_large = 这张照片超过中心能收的大小，请重新拍一张补上。
photo-failed-server_refused = 中心没有收下这张照片。记录不受影响；请重新拍一张补上，或联系管理员。
photo-failed-not_found = 本机找不到这张照片的文件了，请重新拍一张补上。

photos-missing = 还缺 { $n } 处照片
photos-missing-means = 拍不了也能保存，不会丢；缺照片会降低佐证等级。
record-photos = 照片 { $n } 张

mark-no-time = 没有拍摄时间
mark-no-place = 没有拍摄地点
mark-place = { $place }（误差 ±{ $accuracy }）
mark-by = 记录人 { $author }

camera-title = 拍照
camera-view = 取景
camera-close = 关闭相机
camera-opening = 正在打开相机…
camera-torch = 补光灯
camera-lens = 换镜头
camera-shoot = 按下拍照
camera-done = 拍好了
camera-newest = 刚拍的一张
camera-left = 已拍 { $taken }/{ $total }
camera-again = 再试一次
camera-refused = 相机没有允许
camera-refused-do = 请点地址栏左边的锁形图标，打开“相机”，再点“再试一次”。也可以从相册选。
camera-absent = 这台设备没有相机
camera-absent-do = 可以从相册选一张。
camera-busy = 相机被别的应用占着
camera-busy-do = 请关掉正在用相机的应用（视频通话、扫一扫），再点“再试一次”。
camera-unsupported = 这里打不开相机
camera-unsupported-do = 请用 https 地址或主屏幕上的遍访打开；也可以从相册选。
camera-lost = 相机停了
camera-lost-do = 已拍的都在。点“再试一次”接着拍。

purpose-before = 整改前照片
purpose-before-hint = 拍清楚问题在哪里
purpose-after = 整改后照片

similar-same = 与 { $name } { $day } 的记录（{ $author }）用了同一张照片
similar-like = 与 { $name } { $day } 的记录（{ $author }）里的照片很像
similar-same-hidden = 与您看不到的一条记录用了同一张照片
similar-like-hidden = 与您看不到的一条记录里的照片很像
similar-open = 看 { $name } { $day } 的那条记录
review-photos-coming = 还有 { $n } 张照片没有传到中心
uploads-photos-failed = 有 { $n } 张照片传不上去
uploads-photos-failed-more = 记录和别的照片不受影响。请看每张的原因；照片仍在本机，没有删。
sync-photos-to-send = 待上传照片 { $n } 张，{ $size }
sync-photos-wait = 已设为只用 Wi-Fi 传照片，连上 Wi-Fi 后自动继续。要现在传，点“立即上传”。
sync-photo-trouble = 照片暂时传不动：{ $why }
me-photos = 照片上传
me-wifi-only = 只用 Wi-Fi 传照片
me-wifi-only-means = 记录照常上传，照片等到 Wi-Fi 再传，不费流量。“立即上传”总是马上传。
switch-on = 开
switch-off = 关

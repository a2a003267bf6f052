### 照片不能用时的说明。出了什么事, 该怎么办。

photo-problem-empty = 这个文件是空的, 请重新拍一张。
photo-problem-not_a_picture = 这不是照片文件, 请选一张照片, 或直接在这里拍。
photo-problem-video = 这是一段视频, 不是照片。请拍一张照片。
photo-problem-wrong_sort = { $sort } 格式的图片不能当照片用, 请直接在这里拍。
photo-problem-not_opened_here = 本机打不开这张 { $sort } 格式的照片。请直接在这里拍; 或在相机设置里改成“兼容性最佳”(JPEG)后重拍。
photo-problem-too_many_bytes = 这个文件有 { $size_mb } MB, 超过了 { $limit_mb } MB。请直接在这里拍, 或把相机的分辨率调低后重拍。
photo-problem-too_many_pixels = 这张照片是 { $width } × { $height } 像素, 超过了 { $limit_megapixels } 百万像素。请把相机的分辨率调低后重拍。
photo-problem-too_much_memory = 打开这张照片要占用 { $size_mb } MB 内存, 超过了 { $limit_mb } MB。请把相机的分辨率调低后重拍。
photo-problem-too_small = 这张照片只有 { $width } × { $height } 像素, 看不清。请选原图, 或直接在这里拍。
photo-problem-cut_short = 这张照片不完整, 后面一部分丢了。请重新拍一张, 或把原图再传一次。
photo-problem-damaged = 这张照片已损坏, 打不开。请重新拍一张。
photo-problem-colours_unknown = 这张图片是印刷用的格式, 颜色会显示错。请直接在这里拍。
photo-problem-unknown = 这张照片不能用。请直接在这里拍一张。

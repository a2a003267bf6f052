### Why a picture cannot be used: what happened and what to do.

photo-problem-empty = This file is empty. Please take the picture again.
photo-problem-not_a_picture = This file is not a picture. Please choose a picture, or take one here.
photo-problem-video = This is a video, not a picture. Please take a picture.
photo-problem-wrong_sort = Pictures in the { $sort } format cannot be used. Please take one here.
photo-problem-not_opened_here = This device cannot open this { $sort } picture. Please take one here, or set the camera to “most compatible” (JPEG) and take it again.
photo-problem-too_many_bytes = This file has { $size_mb } MB; at most { $limit_mb } MB can be used. Please take one here, or lower the camera's resolution and take it again.
photo-problem-too_many_pixels = This picture has { $width } × { $height } pixels; at most { $limit_megapixels } million can be used. Please lower the camera's resolution and take it again.
photo-problem-too_much_memory = Opening this picture takes { $size_mb } MB of memory; at most { $limit_mb } MB can be used. Please lower the camera's resolution and take it again.
photo-problem-too_small = This picture has only { $width } × { $height } pixels, too few to see anything. Please choose the original, or take one here.
photo-problem-cut_short = This picture is not whole; its end is missing. Please take it again, or copy the original once more.
photo-problem-damaged = This picture is damaged and cannot be opened. Please take it again.
photo-problem-colours_unknown = This picture is in a format for printing, and its colours would be wrong. Please take one here.
photo-problem-unknown = This picture cannot be used. Please take one here.

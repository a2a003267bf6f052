### Photographs: taking, choosing, looking, copies; the camera.

photo-required = needed
photo-count = { $n }/{ $max }
photo-missing-one = Not taken yet
photo-take = Take a photo
photo-choose = Choose a file
photo-choose-means = A chosen file is marked as “gallery”; the evidence grade is a little lower.
photo-gallery = Gallery
photo-source-unknown = Unknown source
photo-keeping = Saving…
photo-keeping-wait = Saving the photo, one moment
photo-look = Photo
photo-look-at = Look at: { $what }
photo-close = Close
photo-before = The one before
photo-after = The next one
photo-larger = Magnify
photo-smaller = Back to size
photo-fetching = Fetching the photo…
photo-not-here = Not here yet
photo-not-here-more = This device does not have the photo, and the centre has not given it either. Look again with a signal; it can be seen once it is uploaded.
photo-export = Export with watermark
photo-exported = Exported { $name }. The photo itself is unchanged.
photo-not-exported = Could not be exported. Wait until the whole picture is shown and try again.
photo-drop = Remove this photo
photo-drop-title = Remove this photo?
photo-drop-sure = It is then no longer in this record; to have it again it must be taken again.
photo-drop-no = Keep it
photo-drop-yes = Remove
photo-full = { $n } at most, that is enough
photo-twice = This photo is there already; it was not added again
photo-unreadable = This file cannot be opened and was not added. Choose another one, or take one now.
photo-refused-read = Understood
photo-same-as = The very same photo as for “{ $name }” on { $day }. Take a new one here, or the evidence will not pass.
photo-like = Looks like the photo for “{ $name }” of { $day }. If that is another place, take one more from another side.

photo-state-device = Only here
photo-state-sending = Uploading
photo-state-held = Received
photo-state-failed = Cannot be sent

photo-failed-too_large = This photo is larger than the centre takes; take another one.
photo-failed-server_refused = The centre did not take this photo. The record is not affected; take another one, or ask an administrator.
photo-failed-not_found = The file of this photo is no longer on this device; take another one.

photos-missing = { $n ->
    [one] { $n } photo is missing
   *[other] { $n } photos are missing
}
photos-missing-means = You can save without them and nothing is lost; missing photos lower the evidence grade.
record-photos = { $n ->
    [one] { $n } photo
   *[other] { $n } photos
}

mark-no-time = time not known
mark-no-place = place not known
mark-place = { $place } (±{ $accuracy })
mark-by = by { $author }

camera-title = Camera
camera-view = What the camera sees
camera-close = Close the camera
camera-opening = Opening the camera…
camera-torch = Light
camera-lens = Other lens
camera-shoot = Take the photo
camera-done = Done
camera-newest = The one just taken
camera-left = { $taken } of { $total } taken
camera-again = Try again
camera-refused = The camera is not allowed
camera-refused-do = Press the lock in the address bar, turn on “Camera”, then press “Try again”. Or choose a file.
camera-absent = This device has no camera
camera-absent-do = You can choose a file.
camera-busy = Another app is using the camera
camera-busy-do = Close the app that uses it, such as a video call, then press “Try again”.
camera-unsupported = The camera cannot be opened here
camera-unsupported-do = Open Bianfang from its https address or the home screen; or choose a file.
camera-lost = The camera stopped
camera-lost-do = What was taken is kept. Press “Try again” to go on.

purpose-before = Photos before the work
purpose-before-hint = Show clearly what is wrong
purpose-after = Photos after the work

similar-same = The same photo as in the record of { $name } on { $day } ({ $author })
similar-like = Looks like a photo in the record of { $name } on { $day } ({ $author })
similar-same-hidden = The same photo as in a record that you may not see
similar-like-hidden = Looks like a photo in a record that you may not see
similar-open = See the record of { $name } on { $day }
review-photos-coming = { $n ->
    [one] { $n } photo has not reached the centre yet
   *[other] { $n } photos have not reached the centre yet
}
uploads-photos-failed = { $n ->
    [one] { $n } photo cannot be sent
   *[other] { $n } photos cannot be sent
}
uploads-photos-failed-more = Records and other photos are not affected. See the reason of each; the photos are still on this device.
sync-photos-to-send = { $n ->
    [one] { $n } photo to upload, { $size }
   *[other] { $n } photos to upload, { $size }
}
sync-photos-wait = Photos wait for Wi-Fi, as you chose, and go on by themselves then. Press “Upload now” to send them at once.
sync-photo-trouble = Photos do not go on for now: { $why }
me-photos = Uploading photos
me-wifi-only = Photos over Wi-Fi only
me-wifi-only-means = Records are uploaded as usual; photos wait for Wi-Fi and cost no data. “Upload now” always sends at once.
switch-on = On
switch-off = Off

### What the screens say around the ledgers. One idea a message; plain words; what happened, then what to do.

app-name = Bianfang
app-line = Household visits that need no signal

nav-label = Main navigation
nav-skip = Skip to content
nav-today = Today
nav-ledger = Ledger
nav-uploads = Uploads
nav-me = Me
nav-review = Review
nav-conflicts = Conflicts
nav-decisions = To decide
nav-quarantine = Set aside
nav-badge = { $n } waiting

action-back = Back
action-cancel = Cancel
action-save = Save
action-try-again = Try again

list-separator = , {""}
sentence-gap = {" "}
list-unreadable = { $count } rows cannot be read at the centre; all others are here. Ask the administrator to run: bianfang-server verify.
list-more = Show more
pager-label = Pages
pager-before = Previous
pager-after = Next
pager-page = Page { $n }

unit-metres = { $m } m
unit-kilometres = { $km } km
unit-seconds = { $n } s
unit-minutes = { $n } min
unit-hours = { $n } h
unit-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}

state-loading = Reading…

## Before the screens

blocked-starting = Opening the data on this device…
blocked-elsewhere = Bianfang is open in another window
blocked-elsewhere-more = Only one window can be used at a time, so that no data are damaged. You can go on here instead: the other window will stop, and a half-filled form will not be lost.
blocked-taken-away = Now in use in another window
blocked-taken-away-more = What was saved, drafts included, is on this device. Nothing was lost.
blocked-use-here = Use it in this window
blocked-impossible = This device cannot keep data, so nothing can be recorded
blocked-no-file-system = This browser (or private window) offers no storage on the device. Records would be lost, so recording was not opened. Use a normal window, or update the browser (Chrome 109, Safari 17 or later).
blocked-no-locks = This browser is too old: two open windows would damage the data, so recording was not opened. Update the browser and come back.
blocked-other = See whether the phone's storage is full, free some and open again. In the system's words: { $words }
blocked-stopped = The data service on this device stopped unexpectedly
blocked-stopped-more = What was saved is safe. Open it again; if it stops once more, tell the administrator this place: { $place }
blocked-open-again = Open again

update-ready = A new version is ready. Records not yet uploaded stay on this device.
update-start = Start it
update-start-long = Start the new version

not-found-title = There is no such page
not-found-home = Back to the start

## Notes above every screen

note-signed-out = Sign in again to upload. Records not yet uploaded are on this device; you can go on recording.
note-offline = No signal. You can go on recording; it is uploaded by itself when there is one.
note-clock-ahead = The phone's clock is { $span } ahead. Turn on “set time automatically” in the system settings, or the evidence grade suffers.
note-clock-behind = The phone's clock is { $span } behind. Turn on “set time automatically” in the system settings, or the evidence grade suffers.

## Signing in

sign-in-title = Sign in
sign-in-user = User name
sign-in-password = Password
sign-in-show = Show password
sign-in-hide = Hide password
sign-in-do = Sign in
sign-in-busy = Signing in…
sign-in-missing = Enter user name and password
sign-in-needs-signal = The first sign-in needs a signal. Once signed in and synchronised, opening, finding and recording need none.

## Today

today-overdue = Overdue
today-due = To do
today-visited = Visited this month
today-record = Record a visit
today-drafts = Not finished
today-continue = Continue
today-draft-nameless = Not on this phone
today-draft-waits = What this form is about is not on this phone: the centre has set its registration aside, or its village is not yours at the moment. The form is kept, and can be gone on with when it is back.
today-touched = Last touched { $at }
today-sent-back = Sent back to me: { $n }
today-overdue-by = { $days ->
    [one] { $days } day overdue
   *[other] { $days } days overdue
}
today-due-today = Due today
today-due-on = Due by { $day }
today-nothing-due = No household is due now
today-nothing-due-more = To record a visit all the same, press a button below and find the household.
today-more = { $n } more; find them in the ledger

here-find = Show distances
here-again = Update position
here-finding = Finding the position…
here-refused = Position is not allowed

first-sync = The ledgers are not on this device yet
first-sync-more = The first exchange needs a signal. Afterwards, finding and recording need none.

## Ledger

ledger-search = Find a household
ledger-search-hint = Name, initials, code, phone
ledger-village = Village
ledger-all-villages = All villages
ledger-only-conflicts = Only with conflicts
ledger-none-found = Nothing found
ledger-none-found-more = Try another way: pinyin initials (such as wxm), the last four digits of the phone, the name of the group.
ledger-nothing-yet = No ledger on this device yet
ledger-nothing-yet-more = It is fetched by itself when there is a signal. Or press “Upload now” under Uploads.

household-title = Household
household-last-visit = Last met at home { $day }
household-never-visited = Never visited
uncounted-sent_back = The visit of { $day } was sent back and does not count
uncounted-set_aside = The visit of { $day } was set aside and does not count yet
uncounted-too_weak = The visit of { $day } has too little evidence and does not count
uncounted-not_own = Somebody else visited on { $day }; only your own visits count here
uncounted-other = The visit of { $day } does not count
household-conflicts = { $n ->
    [one] { $n } conflict
   *[other] { $n } conflicts
}
household-visit = Record a visit
household-continue = Continue the visit
household-facts = Facts
household-blank = { $n } not filled in
household-members = Members: { $n }
household-issues = Problems
household-urgent = Urgent
household-visits = Visits
household-no-visits = No visits yet
household-disputes = Where people differ

history-title = History of changes
history-none = No changes
history-cause = The record behind it

edit-title = Change: { $field }
edit-kept = Saved on this device
edit-locating = Finding the position. Please stand at the door…
edit-here = Position now: { $place }
edit-use-here = Use this position

secret-show = Show the whole number
secret-hide = Hide the number

value-blank = Not filled in
value-unanswered = Not answered
value-entry = Linked
value-person-unknown = (somebody not known on this device)
value-point = { $place } (±{ $m }{"\u00A0"}m)
value-bad-too-long = Too long; at most { $max } characters
value-bad-bounds = Should be between { $min } and { $max }
value-bad-check-digit = The last character of the ID number does not fit; please check it again
value-bad-character = Contains an invisible character; delete it and type again
value-bad-shape = The form is not right; please check it again

conflict-explained = Two people wrote without seeing each other's value. Both are kept; please settle on one.
conflict-take = Take this one
conflict-shown = Shown in the ledger for now
conflict-only-here = Only on this device
conflict-other = Neither is right; enter another
conflict-settled = Settled, saved on this device
household-proposals = To be approved
proposal-adopt = Adopt
proposal-refuse = Do not adopt
proposal-take-back = Take back
proposal-waits = Waits for the office
proposal-adopted = Adopted and kept on this phone
proposal-refused = Done and kept on this phone
effects-to-approve = Goes to the office and takes effect once approved

## Uploads

uploads-only-here = Only on this device: { $n }
uploads-only-here-more = Not with the centre yet. If the phone is lost or its data are cleared, they are gone. Upload as soon as there is a signal.
uploads-none-here = Everything is with the centre
uploads-conflicts = Conflicts: { $n }
uploads-edits = Changes to the ledgers
uploads-records = My records
uploads-no-records = No records on this device yet
uploads-no-records-more = Once a record is saved, this is where you see how far it has come.

sync-title = Exchange with the centre
sync-now = Upload now
sync-to-send = To upload: { $n } (with changes to ledgers and problems)
sync-fetched = Fetched: { $n }
sync-fetched-of = Fetched { $n } of { $total }
sync-last-success = Last success { $at }
sync-never = Never exchanged with the centre yet
sync-next = Next attempt { $at }

phase-idle = Nothing to do
phase-unsent = Waiting to upload
phase-greeting = Calling the centre…
phase-pushing = Uploading…
phase-pulling = Fetching…
phase-photos = Sending photos
phase-waiting = Waiting for a signal
phase-signed-out = Not signed in

export-title = The last resort
export-do = Export what was not uploaded
export-why = If the phone never gets a signal, hand the file to the administrator by chat or cable. Exporting deletes nothing on this device.
export-nothing = Everything was uploaded; there is nothing to export.
export-done = Exported { $n } to { $name }. Hand the file to the administrator.

place-device = Saved on this device
place-device-next = It is safely on this phone. It is uploaded by itself when there is a signal; or press “Upload now” under Uploads.
place-centre = With the centre
place-centre-next = The centre has it in the ledgers; it waits for review.
place-photos = Photos { $held }/{ $total }
place-photos-next = The record has arrived; photos are still on their way and go on by themselves where they stopped.
place-complete = All photos arrived
place-complete-next = The centre has the record and every photo, each checked, and it waits for review.
place-set_aside = Set aside
place-set_aside-next = The centre has it but cannot put it into the ledgers yet. Nothing is lost; the administrator sees to it, or put right what the reason says.
place-approved = Approved
place-approved-next = The supervisor has approved it.
place-sent_back = Sent back
place-sent_back-next = The supervisor has sent it back; please add to it as the comment says.
place-retracted = Taken back
place-retracted-next = The record was taken back; it can still be read.
place-withdrawal_asked = Asked to be taken back
place-withdrawal_asked-next = The record was approved, so a supervisor decides whether it is taken back.
way-label = How far the record has come

edit-register = New entry
edit-amend = Change
edit-record = Record
edit-retract = Record taken back
edit-review = Review
edit-propose = Proposed
edit-refuse = Not adopted
edit-accompany = Gone along
edit-step = Step of a problem
edit-unknown = Operation of a newer version

record-title = Record
record-in-conflict = Differs from someone else's
record-outcome = Outcome
record-met = Who was met
record-author = Recorded by
record-companion = Companion
record-companion-confirmed = { $name } (confirmed)
record-companion-waits = { $name } (has not confirmed, so it does not count)
record-companion-confirm = I went along
record-time = Time
record-when = { $day } { $from }–{ $until }
record-dwell = Time on the spot
record-note = Note
record-no-answers = No questions were answered
record-other-answers = Questions of a newer version
record-sent-back = Sent back by the supervisor, with this comment

saved-next = Record the next

## Me

me-name = Name
me-account = User name
me-role = Role
me-villages = Villages
me-language = 语言 / Language
me-storage = Storage on this device
me-clock = The phone's clock
me-clock-good = Agrees with the centre
me-version = Version
me-version-number = Version
me-build = Build
me-update = Update
me-update-none = This is the newest
me-sign-out = Sign out

storage-promise = Kept for good?
storage-kept = It is kept
storage-may-be-cleared = The system may clear it
storage-unknown = The system does not say
storage-kept-means = The system promises to keep it until you clear the data or remove the app.
storage-may-be-cleared-means = When space runs out or the app is not used for long, the system may clear records that were not uploaded. Put Bianfang on the home screen, press “Ask to keep it”, and upload soon.
storage-unknown-means = Upload soon; do not leave records on this device for long.
storage-used = Space used
storage-used-of = { $used } of at most { $quota }
storage-households = Households on this device
storage-ask = Ask to keep it

sign-out-unsent = { $n } not uploaded yet. They stay on this phone and are uploaded after the next sign-in.
sign-out-sure = Signing in again needs a signal. Sign out?

## Troubles. What happened, what to do.

trouble-detail = Details
trouble-offline = There is no signal now. Try again when there is one.
trouble-bad_credentials = User name or password is wrong; please enter them again.
trouble-signed_out = The sign-in has expired; please sign in again. Records not yet uploaded are on this device.
trouble-not_found = Not found; perhaps it was not synchronised to this device yet.
trouble-form_incomplete = Something is still missing; see what is marked.
trouble-no_grant = You have no grant for this village. Ask the administrator if you need one.
trouble-storage_full = The phone's storage is full; it was not saved. Delete some photos or videos and press save again; what you entered is still here.
trouble-storage_broken = The data on this device cannot be opened. Do not clear the data; open Bianfang again, and if that fails ask the administrator.
trouble-server_refused = The centre did not accept it. See the details, or ask the administrator.
trouble-server_trouble = The centre has a fault; it is tried again by itself. Your records are on this device.
trouble-quota_reached = Too much was sent today. The centre asks you to send the rest tomorrow; that is tried again by itself. Your records are on this phone, none is lost.
trouble-centre_full = The centre's disk is full and takes nothing for now; it is tried again by itself. Please tell the administrator. Your records are on this phone.
trouble-bad_value = What was entered does not fit; it was not saved. Change it and save again.
trouble-too_large = Too large; it was not saved. Shorten the text and try again.
trouble-not_now = Too busy just now; try again in a moment.
trouble-photo_missing = A picture is not on this phone, so nothing was saved. Take it again; what you entered is still there.
trouble-photo_lost = Neither this phone nor the centre has this picture any more. The record stays; take another if it is needed.
trouble-photo_damaged = The data of this picture are damaged on this phone, so it cannot be sent. The record stays; take another if it is needed.
trouble-picture_failed = This picture could not be worked on here. Take it again; everything else is still there.
trouble-not_reviewer = Only a supervisor accepts or sends back; a record is taken back by its author or a supervisor.
trouble-own_rectification = Whoever put a problem right cannot accept it; somebody else has to.
trouble-not_named = The record does not name you as a companion, or you made it yourself.
trouble-centre_older = The centre does not know this yet, so nothing was saved. Try again after its upgrade.
trouble-report_first = A grade by a report needs the report's number and date first.
trouble-wrong_state = The problem has moved on, so this step cannot be taken now. Open it again and look.
trouble-own_record = You made this record or went along; somebody else reviews it.
trouble-not_office = Only the office decides on this.
trouble-other = It did not work ({ $code }). Try again; if that fails ask the administrator.

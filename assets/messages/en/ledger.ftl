### Houses, water supplies, posts, problems: lists, pages, entering, steps; the month of a post; judgements.

kind-visit = Household visit
kind-house_inspection = House inspection
kind-water_check = Water check
kind-attendance = Post attendance
kind-unknown = Record of a newer version
kind-short-visit = Visit
kind-short-house_inspection = House
kind-short-water_check = Water
kind-short-attendance = Post
kind-short-unknown = Other

ledger-kinds = Ledgers
ledger-household = Households
ledger-person = People
ledger-house = Houses
ledger-water_supply = Water
ledger-post = Posts
ledger-issue = Problems
ledger-unknown = Other
nav-issues = Problems

entries-search = Search
entries-hint-household = Name, initials, code, phone tail
entries-hint-house = Head, initials, code, place
entries-hint-water_supply = Name, initials, code, place
entries-hint-post = Holder, initials, post, code
entries-hint-issue = Problem, head, code
entries-mine = Mine
entries-open = With problems
entries-open-issues = Not closed
entries-none-house = No houses entered yet
entries-none-water_supply = No water supplies entered yet
entries-none-post = No posts entered yet
entries-none-issue = No open problems
entries-none-more = They are fetched by themselves when there is a signal; what is not there yet can be entered below.
entries-none-found-more = Try other words, or remove some filters.

entry-open-issues = { $n ->
    [one] { $n } problem
   *[other] { $n } problems
}
entry-last-record = Last record { $day }
entry-title-household = Household
entry-title-person = Person
entry-title-house = House
entry-title-water_supply = Water supply
entry-title-post = Public post
entry-title-issue = Problem
entry-title-unknown = Ledger
entry-flags = Please check
entry-linked = Linked entries
entry-records = Records
entry-no-records = No records yet
entry-no-issues = No problems
household-linked = House, water, posts

house-lived_in-yes = Lived in
house-lived_in-no = Empty
house-sign_posted-yes = Sign posted
house-sign_posted-no = No sign
house-found-A = Grade A
house-found-B = Grade B
house-found-C = C suspected
house-found-D = D suspected

value-area = Area with { $n } corners

record-now-visit = Record a visit
record-now-house_inspection = Inspect this house
record-now-water_check = Check the water
record-now-attendance = Sign in or check
record-continue = Go on filling in
record-not-done = { $kind } · { $outcome }
record-again-visit = Visit again
record-again-house_inspection = Inspect again
record-again-water_check = Check again
record-again-attendance = Record again
record-again-unknown = Record again
task-last = Last record { $day }
task-never = Never recorded
task-do-visit = Visit
task-do-house_inspection = Inspect
task-do-water_check = Check
task-do-attendance = Check
task-do-unknown = Record

today-parts = What is to be done
today-part-visits = Visits
today-part-tasks = Checks
today-part-issues = Problems
today-part-sent-back = Returned
today-part-drafts = Drafts
today-no-tasks = No house, water or post is due now
today-no-tasks-more = To record one all the same, press a button below.
today-no-issues = No problems are waiting for you
today-no-issues-more = All problems are in the ledger.
today-none-sent-back = Nothing was sent back
today-no-drafts = Nothing is unfinished
today-more-tasks = { $n } more; search the ledger

choose-visit = Which household?
choose-house_inspection = Which house?
choose-water_check = Which water?
choose-attendance = Which post?
choose-unknown = About what?
choose-due = Due
choose-all = All
choose-more = Only some are listed; type a few letters to find others.
choose-none-found-more = Try other words; a few letters are enough.

register-house = Enter a house
register-water = Enter a water supply
register-post = Enter a post
register-issue = Enter a problem
register-fields = Main facts
register-more = { $n ->
    [one] { $n } more field
   *[other] { $n } more fields
}
register-village-choose = Please choose
register-save = Enter into the ledger
register-terms = { $days ->
    [one] { $topic }: within { $days } day, led by { $lead } (unless entered otherwise)
   *[other] { $topic }: within { $days } days, led by { $lead } (unless entered otherwise)
}
pick = Choose
pick-other = Choose another
pick-none = None
pick-holder = Who holds it: the household, then the person
pick-back = Another household
pick-no-members = No members of this household are entered yet

issue-all = All facts (can be changed)
step-photos-begin = Photos before the work
step-photos-begin-hint = Show clearly what is wrong
step-photos-rectify = Photos after the work
step-photos-rectify-hint = From the same place and side as before
step-photos-accept = Photos of the result
step-photos-send_back = Photos of how it is
issue-steps = What has been done
issue-found-by = The record that found it
step-opened = Found
step-begin = Work begun
step-rectify = Put right
step-accept = Accepted and closed
step-send_back = Sent back
step-unknown = A step of a newer version
step-do-begin = Begin work
step-do-rectify = Work done
step-do-accept = Accept and close
step-do-send_back = Send back
step-means-begin = Says that somebody is at it, and who.
step-means-rectify = Say what was done and photograph the result; a supervisor accepts it.
step-means-accept = You have seen the result and close the problem. If a later look finds it again, it can be sent back.
step-means-send_back = Say what is not good enough yet; it goes back to whoever is responsible.
step-note-begin = How, and by whom
step-note-rectify = What was done, and how it turned out
step-note-accept = Your comment
step-note-send_back = What is not good enough
step-note-missing = Please say what the matter is, so that others understand

sheet-title = Attendance sheet
sheet-open = Attendance sheet
sheet-print = Print
sheet-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
sheet-sum = { $counted ->
    [one] { $counted } day worked, { $required } required
   *[other] { $counted } days worked, { $required } required
}
sheet-short = Too few days
sheet-enough = Enough
sheet-so-far = Days worked this month
sheet-none = No attendance yet
sheet-legend = Legend
sheet-weekdays = Mo Tu We Th Fr Sa Su
sheet-present = At work
sheet-absent = Absent
sheet-leave = Leave
sheet-substitute = Stand-in
sheet-doubtful = Doubtful
sheet-sign-holder = Signature of the holder:
sheet-sign-village = Checked by the village committee:

form-outcome = Could it be done?
form-neutral = Just record it as it is. It does not lower the village's rank.
form-save-visit = Save the visit
form-save-house_inspection = Save the inspection
form-save-water_check = Save the check
form-save-attendance = Save
form-save-attendance-sign_in = Sign in
form-save-attendance-sign_out = Sign out
form-save-attendance-face_check = Save the check
form-save-unknown = Save
gps-distance-post = From the post

verdict-title-visit = Judgement
verdict-title-house_inspection = First judgement on site
verdict-title-water_check = Verdict on the water
verdict-title-attendance = The post and its holder
verdict-title-unknown = Judgement
verdict-house-open = It comes once every part was looked at.
verdict-house-means = A first judgement on site; only a report makes it an assessment.
verdict-water-open = It comes once all four are answered.
verdict-water-worst = The worst decides: { $names }
verdict-not-yet = Not answered
verdict-attendance-clear = Nothing to look at
verdict-sources = Where the rules come from
verdict-other-reason = A reason of a newer version; update and look again
water-detail-quantity = { $litres_l } L per person and day
water-detail-report = A test report is needed
water-detail-piped = Piped to the house
water-detail-fetch = { $fetch_min ->
    [one] { $fetch_min } minute there and back
   *[other] { $fetch_min } minutes there and back
}
water-detail-reliability = { $short_days ->
    [one] { $short_days } day a year without enough
   *[other] { $short_days } days a year without enough
}

filter-kind = Kind

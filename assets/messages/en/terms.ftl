### The field's own words: roles, ledgers, fields, choices, outcomes, grades, checks, rules, reasons.

role-cadre = Assistance cadre
role-team_member = Village work team
role-village_secretary = Village secretary
role-family_doctor = Family doctor
role-supervisor = Supervisor
role-administrator = Administrator

outcome-at_home = At home
outcome-nobody_home = Nobody home
outcome-refused = Refused
outcome-working_away = Working away
outcome-road_cut = Road cut
outcome-moved_away = Moved away
outcome-done = Done
outcome-unknown = Outcome of a newer version

grade-credible = Credible
grade-doubtful = Doubtful
grade-insufficient = Insufficient
grade-credible-means = The evidence is complete.
grade-doubtful-means = Some things are unclear; the supervisor will look twice. Put right now what you can.
grade-insufficient-means = The evidence is not enough; this may not count as a visit. See the reasons below and put right now what you can.

finding-pass = Passed
finding-unknown = Cannot tell
finding-doubt = Doubtful
finding-fail = Failed

state-waiting = Waiting
state-approved = Approved
state-sent_back = Sent back
state-retracted = Taken back

verdict-approved = Approved
verdict-sent-back = Sent back
verdict-unknown = Word of a newer version

## Evidence checks. Numbers come as words: distances, spans of time.

check-fix_age-pass = Position measured { $age_s } before saving
check-fix_age-unknown = No time of a position
check-fix_age-doubt = Position measured { $age_s } before saving, more than { $limit_s }
check-fix_age-fail = Position measured { $age_s } before saving, too old
check-fix_age-fail-bare = No position
check-accuracy-pass = Position accurate to ±{ $accuracy_m }
check-accuracy-unknown = No position, so no accuracy
check-accuracy-doubt = Position accurate to ±{ $accuracy_m }, beyond { $limit_m }
check-accuracy-fail = Position accurate to ±{ $accuracy_m }, beyond { $limit_m }: too inaccurate
check-distance-pass = { $distance_m } from the anchor, accuracy ±{ $accuracy_m }
check-distance-unknown = Distance is not judged (road cut, or nothing to compare with)
check-distance-unknown-bare = No anchor or no position, so no distance
check-distance-doubt = { $distance_m } from the anchor, accuracy ±{ $accuracy_m }, beyond { $limit_m }
check-distance-fail = { $distance_m } from the anchor, accuracy ±{ $accuracy_m }, beyond { $limit_m }: hardly this household
check-mock-pass = No made-up position found
check-mock-unknown = A browser cannot tell whether the position is made up
check-mock-doubt = A browser cannot tell whether the position is made up
check-mock-fail = The phone makes up its position
check-dwell-pass = { $dwell_s } at the household
check-dwell-unknown = Nobody was met, so time is not judged
check-dwell-doubt = { $dwell_s } at the household, less than { $limit_s }
check-dwell-fail = { $dwell_s } at the household, less than { $limit_s }: too short
check-travel-pass = The way from the record before is plausible
check-travel-unknown = No record before to compare with
check-travel-doubt = { $distance_m } from the record before within { $elapsed_s }: rather fast
check-travel-fail = { $distance_m } from the record before within only { $elapsed_s }, about { $speed_km_h } km/h: not possible
check-hour-pass = Visited between { $from_h } and { $until_h } o'clock
check-hour-unknown = The hour is not judged
check-hour-doubt = Visited at { $hour_h } o'clock, not between { $from_h } and { $until_h }
check-hour-fail = Visited at { $hour_h } o'clock, not between { $from_h } and { $until_h }
check-clock-pass = The phone's clock agrees with the centre's
check-clock-unknown = The clock was not compared with the centre's yet
check-clock-doubt = The phone's clock is { $offset_s } off, more than { $limit_s }
check-clock-fail = The phone's clock is { $offset_s } off, more than { $limit_s }: too much
check-chain-pass = Unbroken chain, good signature
check-chain-unknown = The centre checks the chain after the upload
check-chain-doubt = Records before this one are missing
check-chain-fail = The chain or its signature does not fit
check-other = Check of a newer version

## Why an operation was set aside

reason-unreadable = The centre cannot read it: { $detail }
reason-misnumbered = Its number differs from the one it was sent under
reason-author_mismatch = Its author is not the person signed in
reason-not_a_village = The area code is not a village's
reason-outside_grants = Its author has no grant for this village
reason-role_forbids = Its author's role does not allow this
reason-unknown_entity = The ledger does not have this entry yet; it is applied by itself when the entry arrives
reason-unknown_observation = The centre does not have that record yet; it is applied by itself when the record arrives
reason-wrong_place = It belongs to another village or ledger
reason-bad_value = A value does not fit: { $detail }
reason-too_many = More than allowed: { $detail }
reason-duplicate_record = There is a record with this number already
reason-own_rectification = Whoever put it right cannot accept it
reason-unknown = A reason of a newer version; update and look again

## Schedule rules

rule-colour_orange = Orange: twice a month
rule-colour_yellow = Yellow: every month
rule-colour_green = Green: every quarter
rule-cadre_assigned = Assigned households: every month
rule-doctor_assigned = Doctor's households: every month
rule-secretary_village = Lifted and monitored households of the village: every month
rule-team_village = Lifted and monitored households of the village: every month
rule-township_monitored = Monitored households of the township: every half-year

## Topics of problems

topic-monitoring = Monitoring gaps
topic-housing = Safe housing
topic-schooling = Schooling
topic-insurance = Insurance gaps
topic-water = Drinking water
topic-elderly = Elderly households
topic-industry = Industry projects
topic-employment = Employment
topic-finance = Credit
topic-relocation = Relocation sites
topic-assets = Project assets
topic-recognition = Satisfaction
topic-other = Other

## Household

field-household-code = Code
field-household-head_name = Head
field-household-group = Village group
field-household-address = Address
field-household-anchor = Anchor
field-household-phone = Phone
field-household-phone_owner = Whose phone
choice-household-phone_owner-self = Own
choice-household-phone_owner-family = Family's
field-household-categories = Categories
choice-household-categories-lifted = Lifted out of poverty
choice-household-categories-unstable = Unstable
choice-household-categories-marginal = Marginal
choice-household-categories-sudden_hardship = Sudden hardship
choice-household-categories-low_income = Minimum allowance
choice-household-categories-low_income_edge = Edge of allowance
choice-household-categories-destitute = Destitute, supported
choice-household-categories-disabled = Disabled
choice-household-categories-serious_illness = Serious illness
choice-household-categories-elderly = Elderly
choice-household-categories-ordinary = Ordinary
field-household-colour = Colour code
choice-household-colour-green = Green
choice-household-colour-yellow = Yellow
choice-household-colour-orange = Orange
field-household-risk_reasons = Reasons of risk
choice-household-risk_reasons-illness = Illness
choice-household-risk_reasons-disability = Disability
choice-household-risk_reasons-disaster = Disaster
choice-household-risk_reasons-schooling = Schooling
choice-household-risk_reasons-unemployment = Unemployment
choice-household-risk_reasons-other = Other
field-household-risk_state = Risk
choice-household-risk_state-none = No risk
choice-household-risk_state-present = At risk
choice-household-risk_state-removed = Risk removed
field-household-insured = Health insurance
choice-household-insured-all = Everybody
choice-household-insured-some = Some
choice-household-insured-none = Nobody
field-household-food_state = Food
choice-household-food_state-ok = Enough
choice-household-food_state-short = Short
field-household-clothing_state = Clothing
choice-household-clothing_state-ok = Enough
choice-household-clothing_state-short = Short
field-household-education_state = Schooling
choice-household-education_state-ok = In order
choice-household-education_state-dropout = Out of school
choice-household-education_state-home_teaching = Taught at home
choice-household-education_state-not_applicable = No school-age child
field-household-housing_state = Housing
choice-household-housing_state-safe = Safe
choice-household-housing_state-suspect = Suspected unsafe
choice-household-housing_state-unsafe = Unsafe
field-household-water_state = Drinking water
choice-household-water_state-met = Met
choice-household-water_state-basic = Basically met
choice-household-water_state-unmet = Not met
field-household-income_source = Income from
choice-household-income_source-wages = Wages
choice-household-income_source-farming = Farming
choice-household-income_source-post = Public post
choice-household-income_source-transfers = Transfers
choice-household-income_source-business = Business
choice-household-income_source-other = Other
field-household-income_per_head = Income per head (yuan a year)
field-household-satisfaction = Satisfaction
choice-household-satisfaction-satisfied = Satisfied
choice-household-satisfaction-fair = Fair
choice-household-satisfaction-dissatisfied = Dissatisfied
field-household-relocation_site = Relocation site
field-household-cadre = Assistance cadre
field-household-family_doctor = Family doctor
field-household-house = House entry
field-household-water_supply = Water supply entry
field-household-remark = Remark

## Person

field-person-household = Household
field-person-name = Name
field-person-id_number = ID number
field-person-relation = Relation to head
choice-person-relation-head = Head
choice-person-relation-spouse = Spouse
choice-person-relation-child = Child
choice-person-relation-parent = Parent
choice-person-relation-grandchild = Grandchild
choice-person-relation-other = Other
field-person-birth = Date of birth
field-person-health = Health
choice-person-health-good = Good
choice-person-health-chronic = Chronic illness
choice-person-health-serious = Serious illness
choice-person-health-disabled = Disabled
field-person-disability = Disability
choice-person-disability-none = None
choice-person-disability-mild = Mild
choice-person-disability-severe = Severe
field-person-certificate_expiry = Disability certificate until
field-person-school_state = School
choice-person-school_state-not_applicable = Not of school age
choice-person-school_state-in_school = In school
choice-person-school_state-home_teaching = Taught at home
choice-person-school_state-dropout = Dropped out
choice-person-school_state-finished = Finished
field-person-insured = Insured
field-person-work_place = Works in
field-person-employer = Employer
field-person-phone = Phone

## Problem

field-issue-topic = Topic
choice-issue-topic-monitoring = Monitoring gaps
choice-issue-topic-housing = Safe housing
choice-issue-topic-schooling = Schooling
choice-issue-topic-insurance = Insurance gaps
choice-issue-topic-water = Drinking water
choice-issue-topic-elderly = Elderly households
choice-issue-topic-industry = Industry projects
choice-issue-topic-employment = Employment
choice-issue-topic-finance = Credit
choice-issue-topic-relocation = Relocation sites
choice-issue-topic-assets = Project assets
choice-issue-topic-recognition = Satisfaction
choice-issue-topic-other = Other
field-issue-what = What
field-issue-subject = Household
field-issue-urgent = Urgent
field-issue-lead = Lead department
field-issue-responsible = Responsible
field-issue-deadline = Until
field-issue-state = State
choice-issue-state-open = To be put right
choice-issue-state-under_way = Under way
choice-issue-state-to_accept = To be accepted
choice-issue-state-closed = Closed
choice-issue-state-sent_back = Sent back

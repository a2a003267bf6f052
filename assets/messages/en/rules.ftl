### The words of the rules: ledgers of houses, supplies and posts, judgements, schedule, evidence of photographs.

## 房

field-house-household = Household
field-house-code = House code
field-house-name = House name
field-house-address = Address
field-house-point = Location
field-house-structure = Structure
choice-house-structure-brick_concrete = Brick and concrete
choice-house-structure-brick_timber = Brick and timber
choice-house-structure-earth_timber = Earth and timber
choice-house-structure-adobe = Adobe
choice-house-structure-stone = Stone
choice-house-structure-other = Other
field-house-storeys = Storeys
field-house-year = Year built
field-house-grade = Grade
choice-house-grade-A = A (safe)
choice-house-grade-B = B (basically safe)
choice-house-grade-C = C (dangerous in part)
choice-house-grade-D = D (dangerous as a whole)
field-house-graded_by = Graded by
choice-house-graded_by-report = Safety report
choice-house-graded_by-first_judgement = First judgement on site
field-house-report_no = Report number
field-house-report_date = Report date
field-house-lived_in = Lived in
field-house-sign_posted = Warning sign
field-house-sealed = Sealed
field-house-rectification = Rectification
choice-house-rectification-none_needed = No work needed
choice-house-rectification-to_be_assessed = To be assessed
choice-house-rectification-to_be_renovated = To be renovated
choice-house-rectification-being_renovated = Being renovated
choice-house-rectification-renovated = Renovated
choice-house-rectification-demolished = Demolished
choice-house-rectification-sealed_up = Sealed up
field-house-remark = Remark

## 供水点

field-water_supply-name = Name of the supply
field-water_supply-code = Supply code
field-water_supply-kind = Kind of supply
choice-water_supply-kind-central = Central works
choice-water_supply-kind-small = Small works
choice-water_supply-kind-well = Well
choice-water_supply-kind-spring = Spring
choice-water_supply-kind-cistern = Cistern
choice-water_supply-kind-diverted = Diverted water
field-water_supply-address = Address
field-water_supply-point = Location
field-water_supply-unit = Responsible unit
field-water_supply-keeper = Keeper
field-water_supply-keeper_phone = Keeper's telephone
field-water_supply-households_served = Households served
field-water_supply-price = Price (yuan per m³)
field-water_supply-latest_result = Latest result
choice-water_supply-latest_result-met = Good
choice-water_supply-latest_result-basic = Just good enough
choice-water_supply-latest_result-unmet = Not good enough
field-water_supply-report_meets = Test report good
field-water_supply-report_date = Test report date
field-water_supply-shortage_months = Months of shortage
choice-water_supply-shortage_months-1 = January
choice-water_supply-shortage_months-2 = February
choice-water_supply-shortage_months-3 = March
choice-water_supply-shortage_months-4 = April
choice-water_supply-shortage_months-5 = May
choice-water_supply-shortage_months-6 = June
choice-water_supply-shortage_months-7 = July
choice-water_supply-shortage_months-8 = August
choice-water_supply-shortage_months-9 = September
choice-water_supply-shortage_months-10 = October
choice-water_supply-shortage_months-11 = November
choice-water_supply-shortage_months-12 = December
field-water_supply-scarce = Water-scarce area
field-water_supply-remark = Remark

## 公岗

field-post-name = Name of the post
field-post-code = Post code
field-post-kind = Kind of post
choice-post-kind-cleaning = Cleaning
choice-post-kind-forest = Forest
choice-post-kind-road = Road
choice-post-kind-water = Water pipes
choice-post-kind-river = River
choice-post-kind-facilities = Public facilities
choice-post-kind-other = Other
field-post-holder = Post holder
field-post-point = Location
field-post-radius_m = Area worked (radius, m)
field-post-area = Area worked (boundary)
field-post-required_days = Days required a month
field-post-contract_from = Contract from
field-post-contract_to = Contract to
field-post-subsidy = Subsidy (yuan a month)
field-post-remark = Remark

## 人、问题：补充

field-person-work_state = Work
choice-person-work_state-none = None
choice-person-work_state-near = Nearby
choice-person-work_state-away = Away from home
field-issue-kind = Kind of problem
choice-issue-kind-danger_lived_in = Dangerous house lived in
choice-issue-kind-due_demolition = Due for demolition
choice-issue-kind-unassessed = Not assessed
choice-issue-kind-reassess = To be assessed again
choice-issue-kind-no_sign = No warning sign
choice-issue-kind-water_unmet = Water not good enough
choice-issue-kind-smell = Odd smell or colour
choice-issue-kind-shortage = Seasonal shortage
choice-issue-kind-unstable = Unstable supply
choice-issue-kind-no_keeper = No keeper
choice-issue-kind-fees = Fees
choice-issue-kind-untested = Water not tested
choice-issue-kind-reading_off = Field reading off
choice-issue-kind-post_absent = Absent from the post
choice-issue-kind-post_substitute = Somebody else on the post
choice-issue-kind-post_idle = Post held, not worked
field-issue-responsible_unit = Responsible unit

## 不合规定的内容：补充

reason-fault-wrong_shape-area = Should be an area with at least three corners

## 佐证：岗位范围与照片

check-area-pass = Inside the area worked
check-area-unknown = No area or no fix: the place cannot be told
check-area-doubt = { $outside_m } outside the area worked, ±{ $accuracy_m }
check-area-fail = { $outside_m } outside the area worked, ±{ $accuracy_m }: the wrong place
check-photos_present-pass = All required photographs are there
check-photos_present-unknown = The photographs have not reached the centre yet
check-photos_present-doubt = { $missing_count ->
    [one] { $missing_count } required photograph is missing
   *[other] { $missing_count } required photographs are missing
}
check-photos_present-fail = { $missing_count ->
    [one] { $missing_count } required photograph is missing
   *[other] { $missing_count } required photographs are missing
}
check-photo_source-pass = All photographs were taken in the app
check-photo_source-unknown = It is not known where the photographs come from
check-photo_source-doubt = { $gallery_count ->
    [one] { $gallery_count } photograph is from the gallery; take it on site if you can
   *[other] { $gallery_count } photographs are from the gallery; take them on site if you can
}
check-photo_source-fail = { $gallery_count ->
    [one] { $gallery_count } photograph is from the gallery
   *[other] { $gallery_count } photographs are from the gallery
}
check-photo_seen-pass = No photograph was seen in another record
check-photo_seen-unknown = The photographs have not been compared yet
check-photo_seen-doubt = { $near_count ->
    [one] { $near_count } photograph looks like one of another record
   *[other] { $near_count } photographs look like some of other records
}
check-photo_seen-fail = { $same_count ->
    [one] { $same_count } photograph is the same as in another record
   *[other] { $same_count } photographs are the same as in other records
}
check-photo_time-pass = The photographs were taken while the form was in hand
check-photo_time-unknown = The photographs do not say when they were taken
check-photo_time-doubt = A photograph was taken { $apart_s } apart from the record
check-photo_time-fail = A photograph was taken { $apart_s } apart from the record: that does not fit
check-photo_place-pass = The photographs were taken at the place of the record
check-photo_place-unknown = The photographs do not say where they were taken
check-photo_place-doubt = A photograph was taken { $apart_m } from the place of the record
check-photo_place-fail = A photograph was taken { $apart_m } from the place of the record: that does not fit

## 房屋判定的理由

house-reason-foundation-severe = Foundation: severe damage
house-reason-foundation-slight = Foundation: slight damage
house-reason-walls-severe = Walls: severe damage
house-reason-walls-slight = Walls: slight damage
house-reason-frame-severe = Beams and columns: severe damage
house-reason-frame-slight = Beams and columns: slight damage
house-reason-roof-severe = Floors and roof: severe damage
house-reason-roof-slight = Floors and roof: slight damage
house-reason-surroundings-severe = Severe danger around it
house-reason-surroundings-slight = Slight danger around it
house-reason-foundation_crack = Foundation: a crack of { $crack_mm } mm, above { $limit_mm } mm
house-reason-walls_crack = Walls: a crack of { $crack_mm } mm, above { $limit_mm } mm
house-reason-frame_crack = Beams and columns: a crack of { $crack_mm } mm, above { $limit_mm } mm
house-reason-foundation_tilt = The house: leaning { $tilt_mm_m } mm in a metre, above { $limit_mm_m } mm
house-reason-walls_tilt = Walls: leaning { $tilt_mm_m } mm in a metre, above { $limit_mm_m } mm
house-reason-several_severe = { $parts_count } bearing parts are severely damaged: the whole house is in danger
house-reason-all_sound = All parts are sound
house-reason-worse_than_report = On site it looks like { $found }, worse than the report's { $reported }; the report stands, have it assessed again
house-reason-better_than_report = On site it looks like { $found }, better than the report's { $reported }; the report stands

## 饮水四项指标

water-indicator-quantity = Quantity
water-indicator-quality = Quality
water-indicator-convenience = Convenience
water-indicator-reliability = Reliability
water-reading-chlorine = Free chlorine { $reading } mg/L; should be { $min }–{ $max } mg/L
water-reading-turbidity = Turbidity { $reading } NTU; should be at most { $max } NTU
water-reading-ph = pH { $reading }; should be { $min }–{ $max }

## 公岗提示

post-flag-several_posts = Holds { $posts_count } posts; one is allowed
post-flag-too_old = Not suitable: aged { $age_y } ({ $limit_y } or more)
post-flag-severely_disabled = Not suitable: severely disabled
post-flag-works_away = Not suitable: works away from home
post-flag-others_away = Not suitable: { $others_count } others of the household work away
post-flag-same_point = Signed in at the very same point as another post, within minutes
post-flag-same_photo = Signed in with the same photograph as another post, within minutes

## 问题：为什么不能办这一步

issue-forbidden-role = Supervisors accept and send back
issue-forbidden-own_rectification = Whoever put it right cannot accept it; somebody else has to
issue-forbidden-state = The problem is not at this step

## 周期

rule-house_dangerous = Dangerous houses lived in or unsealed: monthly
rule-house_dangerous-season = Twice a month in the flood season
rule-water_supply = Water supplies: quarterly
rule-water_supply-season = Monthly in the dry season
rule-post_face_check = Public posts: a face-to-face check every month

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
choice-house-rectification-none_needed = None needed
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

### Supervisors: reviewing, conflicts, what was set aside.

review-search = Name, code, supply or post
review-none = No records like these
review-none-more = Loosen the filters and look again.
review-choose = Choose a record on the left
review-issues = { $n ->
    [one] Opens { $n } problem
   *[other] Opens { $n } problems
}
review-received = The centre received it { $at }
review-history = What was said
review-history-none = Nothing was said yet
review-word = Your word
review-comment = Comment (needed when sending back; it goes to the author's phone)
review-comment-missing = When sending back, say what is missing, so that its author knows what to do
review-approve = Approve
review-send-back = Send back
review-said = Saved on this device, uploading

filter-all = All
filter-more = More filters
filter-state = State
filter-grade = Evidence
filter-village = Village
filter-author = By
filter-outcome = Outcome
filter-from = From
filter-until = To

plan-label = Recorded { $distance } from the anchor, accuracy ±{ $accuracy }
plan-north = N
plan-anchor = The point in the ledger
plan-fix = Where it was recorded, with its accuracy
plan-no-fix = This record has no position, so there is no plan.
plan-no-anchor = The ledger has no point yet, so there is no plan.

conflicts-none = No conflicts
conflicts-none-more = When two people write different things about the same fact, it appears here.
conflicts-to-entry = See this entry

decisions-proposals = Proposals
decisions-proposals-explained = What somebody's role does not cover is proposed first. It stands in the ledger once it is adopted.
decisions-proposals-none = No proposal waits
decisions-registrations = New entries
decisions-registrations-explained = Households and people entered at the door can be used at once. They count in coverage and ranking once they are confirmed.
decisions-registrations-none = No new entry waits
decisions-same_code = Same code
decisions-same_code-explained = Two entries of one village with the same code. One of them needs a new one; if they are the same household, leave them until they can be merged.
decisions-same_code-none = No two entries have the same code
decisions-unfit = Odd values
decisions-unfit-explained = An older version took these in; by the rules of today nobody may write them. Nothing is changed by itself: put them right in the entry.
decisions-unfit-none = No odd values
decisions-withdrawals = Withdrawals
decisions-withdrawals-explained = Approved records that their authors ask to take back. A supervisor decides.
decisions-withdrawals-none = Nobody asks to take a record back
decision-registered-by = Entered by { $name }
decision-confirm = Confirm
decision-confirmed = Confirmed, saved on this device
decision-renumber = New code
decision-renumbered = The code is changed, saved on this device
same-code-with = The same code has:
review-withdrawals = Withdrawal
withdrawal-asked-lead = Its author asks for this approved record to be taken back.
withdrawal-agree = Take it back
withdrawal-refuse = Keep it
withdrawal-agreed = Agreed to take it back
withdrawal-refused = Not taken back; the approval stands
quarantine-explained = The centre has these but cannot put them into the ledgers yet. None is lost. Some wait for something that has not arrived and are then applied by themselves; see to the others as the reason says.
quarantine-none = Nothing is set aside
quarantine-raw = As sent, and details
review-own = You made this record or went along; somebody else reviews it.
quarantine-raw-cut = It is long and only its beginning is shown; all { $bytes } bytes are kept at the centre.

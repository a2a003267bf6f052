### Forms of every kind.

visit-outcome = How did this visit go?
visit-met = Who was met
visit-met-hint = Such as: the head, her son
visit-note = Note
visit-neutral = Just record it as it is. It does not lower the village's rank; the next visit is put off by a week, at most twice.
visit-required = required
visit-known = The ledger says: { $value }
visit-confirm = Unchanged
visit-known-all = { $n ->
    [one] { $n } fact is in the ledger already
   *[other] { $n } facts are in the ledger already
}
visit-confirm-all = All unchanged
visit-progress = { $answered } of { $total } answered
visit-progress-label = How far the form is filled
visit-count = { $answered }/{ $total }
visit-keeping = Saving…
visit-kept = Draft saved
visit-not-kept = Not saved
visit-problems = { $n ->
    [one] { $n } thing is still to be done
   *[other] { $n } things are still to be done
}
visit-problem-line = { $question }: { $problem }
visit-drop = Discard
visit-drop-title = Discard this form
visit-drop-sure = What was entered is deleted and cannot be brought back. If you just go back, it stays as a draft.
visit-drop-no = Keep it
visit-drop-yes = Discard

answer-yes = Yes
answer-no = No

problem-required = Not filled in yet
problem-out_of_bounds = Should be between { $min } and { $max }
problem-not_a_choice = Please pick one of the choices
problem-bad_date = Not a date; write 2025-07-18
problem-too_long = Too long; please shorten it
problem-wrong_shape = The form is not right; please enter it again

gps-title = Position
gps-accuracy = Accuracy
gps-plus-minus = ±{ $m }
gps-distance = From the anchor
gps-at = Measured at

advice-searching = Finding the position. Stand at the door or in the open.
advice-refused = Position is not allowed. Press the lock in the address bar, turn on “Location”, then come back.
advice-unavailable = No satellites. Step outside into the open and wait 10 seconds.
advice-too-slow = No position yet. Step outside into the open and wait 10 more seconds.
advice-unsupported = This device cannot tell its position. You can save all the same; the evidence grade is lower.
advice-old = The last position is a while ago. Step to the door and wait 10 seconds.
advice-poor = Too inaccurate. Step to the door, into the open, and wait 10 seconds.
advice-fair = Rather inaccurate. Step to the door and wait 10 seconds for a better one.
advice-far = Far from the point in the ledger. Check that this is the right place.
advice-off = Some way from the point in the ledger. Go nearer, or check that this is the right place.
advice-no-anchor = Good position. The ledger has no point yet; you can set it from the position now.
advice-good = Good position, near the point in the ledger.

effects-title = This record will update the ledgers
effects-done = Changes to the ledgers
effects-none = The ledgers stay as they are; only the record is kept.
effects-strike = Do not update
effects-take-back = Restore
effects-struck = Struck out; saving leaves this as it is
effects-opens = Opens a problem: { $topic }
effects-opens-urgent = Opens an urgent problem: { $topic }
effects-deadline = { $days ->
    [one] Within { $days } day · led by { $lead }
   *[other] Within { $days } days · led by { $lead }
}
effects-stands = A problem “{ $topic }” is open already; this is noted, no second one is opened.

evidence-title = Evidence

"""The rules of planning as SQL: does a workflow apply, why may a notification not go out.

Every query of planning takes these conditions from here, so that planning a day, cancelling what no longer
applies and suppressing for a new holiday can't come apart. Aliases are the same everywhere: `w` workflow,
`f` facility, `b` branch, `p` the person (`customer_now`), `flags` their flags; `:day` is the day D.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import Final

MESSAGE_CHANNELS: Final = ("sms", "call", "email")
LETTER_CHANNELS: Final = ("introduction_letter", "warning", "declaration")

#: Cancelled for one of these, a row becomes planned again when its workflow applies again.
REVIVABLE: Final = ("workflow_changed", "no_longer_applies", "cured")

#: The reasons in the order in which they are judged: the first that holds is the row's.
REASONS: Final = (
    "hold",
    "do_not_contact",
    "promise",
    "no_mobile",
    "no_email",
    "no_address",
    "earlier_letter",
    "holiday",
    "daily_cap",
)

#: Weekdays as the settings name them, by `date.isoweekday()`.
_WEEKDAYS: Final = {
    "monday": 1,
    "tuesday": 2,
    "wednesday": 3,
    "thursday": 4,
    "friday": 5,
    "saturday": 6,
    "sunday": 7,
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the bank's settings say about planning."""

    stale_days: int = 3
    rest_days: frozenset[int] = frozenset({5})
    skip_promised: bool = False
    daily_cap: int | None = None
    window_start: time = time(8)
    window_end: time = time(20)

    def rests(self, day: date) -> bool:
        """Whether calls and letters rest on this day of the week."""
        return day.isoweekday() in self.rest_days

    def stale(self, day: date, as_of: date) -> bool:
        """Whether a feed of `as_of` is too old to plan `day` on."""
        return (day - as_of).days > self.stale_days


def weekdays(names: list[str]) -> frozenset[int]:
    """The weekdays of a setting as ISO numbers."""
    return frozenset(_WEEKDAYS[name] for name in names)


def applies(day: str) -> str:
    """Whether workflow `w` may reach facility `f` on a day, but for k: range, minimum and branch.

    That the loan type is one of its own is the join through workflow_range. Null or false means no; days that
    the feed gives as 0 have no `overdue_since`, so no workflow applies to them.
    """
    return (
        "(f.episode_id IS NOT NULL "
        f"AND f.overdue_since BETWEEN {day} - w.days_to AND {day} - w.days_from "
        "AND f.overdue_amount >= w.min_amount "
        "AND (w.all_branches OR EXISTS (SELECT FROM workflow_branch AS wb "
        "WHERE wb.workflow_id = w.id AND wb.branch_code = f.branch_code)))"
    )


#: k: messages go out only where the days since the range's first are a multiple of it; letters ignore it.
EVERY_K: Final = "(CAST(:day AS date) - f.overdue_since - w.days_from) % w.every_days = 0"

#: The branches with whether calls and letters rest there on D, and whether messages do; `:rests`: a weekly rest.
BRANCH_DAY: Final = """
    SELECT b.code, regexp_replace(b.title, '^شعبه +', '') AS title, b.address,
        (CAST(:rests AS boolean) OR EXISTS (
            SELECT FROM holiday AS h
            WHERE h.date = CAST(:day AS date) AND (h.province_code IS NULL OR h.province_code = b.province_code))) AS rests,
        EXISTS (
            SELECT FROM holiday AS h
            WHERE h.date = CAST(:day AS date) AND h.no_messages
                AND (h.province_code IS NULL OR h.province_code = b.province_code)) AS messages_rest
    FROM branch AS b
"""

#: Facilities that a hold or dispute covers on D.
HELD: Final = "SELECT DISTINCT facility_id FROM hold WHERE lifted_at IS NULL AND CAST(:day AS date) BETWEEN since AND until"

#: Facilities about which a promise of payment is open.
PROMISED: Final = "SELECT DISTINCT facility_id FROM promise WHERE status = 'open'"

#: Whether a person has no mobile that a message may go to.
NO_MOBILE: Final = "(NOT p.mobile_ok OR (flags.wrong_mobile <> '' AND flags.wrong_mobile = p.mobile))"


def message_reason(rules: Rules, channel: str = "s.channel") -> str:
    """The CASE of a message's reason up to `holiday`, null where it may go out; `daily_cap` comes after it.

    Needs the columns held, promised, do_not_contact, no_mobile, no_email, rests, messages_rest of `s`.
    """
    promise = "WHEN s.promised THEN 'promise' " if rules.skip_promised else ""
    return (
        "CASE WHEN s.held THEN 'hold' "
        "WHEN s.do_not_contact OR s.deceased THEN 'do_not_contact' "
        f"{promise}"
        f"WHEN s.no_mobile AND {channel} IN ('sms', 'call') THEN 'no_mobile' "
        f"WHEN s.no_email AND {channel} = 'email' THEN 'no_email' "
        f"WHEN CASE {channel} WHEN 'call' THEN s.rests ELSE s.messages_rest END THEN 'holiday' END"
    )


def letter_reason(rules: Rules) -> str:
    """The CASE of a letter's reason before `earlier_letter` and `holiday`, null where none of them holds."""
    promise = "WHEN s.promised THEN 'promise' " if rules.skip_promised else ""
    return (
        "CASE WHEN s.held THEN 'hold' "
        "WHEN s.deceased THEN 'do_not_contact' "
        f"{promise}"
        "WHEN s.no_address THEN 'no_address' END"
    )

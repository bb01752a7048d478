"""The home page of a caller, and what the status line asks."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from vesal_server import settings
from vesal_server.alerts import service as alerts
from vesal_server.cases import overdue
from vesal_server.cases.buckets import Bucket, buckets
from vesal_server.cases.filters import OverdueFilter
from vesal_server.cases.overdue import shown_days
from vesal_server.home import queries
from vesal_server.home.queries import Class
from vesal_server.kit.clock import TEHRAN
from vesal_server.kit.db import AnyRow, Connection
from vesal_server.kit.listing import Ask
from vesal_server.kit.memory import Memory
from vesal_server.scope import Caller, Reach, reach
from vesal_shared import jalali, labels, money
from vesal_shared.messages.home import (
    AgeBucket,
    Announcement,
    Figures,
    Home,
    Urgency,
    VoidLetter,
    WorkItem,
    WorkKind,
)
from vesal_shared.messages.lists import Attachment, Page
from vesal_shared.messages.overdue_cases import OverdueCase
from vesal_shared.messages.session import ServiceStatus

_WORK_SHOWN: Final = 30
_ANNOUNCEMENTS: Final = 20
_VOID_SHOWN: Final = 20
#: How long a void letter is told to who printed it.
_VOID_FOR: Final = timedelta(days=30)
_RATE_DAYS: Final = 30
#: The menu's counts stop here.
_MOST: Final = 1_000
#: Figures of a «own» scope change with every assignment; the others with a feed alone.
_OWN_TTL_S: Final = 10.0


def home(connection: Connection, memory: Memory, caller: Caller, now: datetime, today: date) -> Home:
    """Everything on the page, in the widest scope that the caller has anywhere."""
    seen = reach(caller, "home")
    feed = queries.feed(connection)
    as_of = feed.as_of if feed else None
    classes = buckets(settings.read(connection))
    cases, by_class, change = _classes(connection, memory, seen, classes, feed)
    total, work = queries.work(connection, _work_reach(seen), today, _WORK_SHOWN)
    return Home(
        today=today,
        feed_as_of=as_of,
        figures=_figures(connection, seen, cases, by_class, change, today),
        buckets=[_bucket(one, by_class.get(one.code, Class(0, 0, 0))) for one in classes],
        work=[_item(row, today, as_of) for row in work],
        work_total=total,
        announcements=[_announcement(row) for row in _news(connection, caller)],
        void_letters=[
            VoidLetter(
                letter_id=row.id,
                number=row.number,
                loan_no=row.loan_no,
                customer_no=row.customer_no,
                branch_code=row.branch_code,
                addressee=row.addressee,
                void_at=row.void_at,
            )
            for row in queries.void_letters(connection, seen, now - _VOID_FOR, _VOID_SHOWN)
        ],
        alerts=alerts.visible(connection, caller),
    )


def cases_to_watch(
    connection: Connection, memory: Memory, caller: Caller, ask: Ask, q: str, today: date
) -> Page[OverdueCase]:
    """The overdue facilities in the range and from the amount that the case settings name; both must hold."""
    stored = settings.read(connection)
    wanted = OverdueFilter(
        days_from=stored.number("cases.home_from_days"),
        days_to=stored.number("cases.home_to_days"),
        amount_from=stored.number("cases.home_min_amount"),
    )
    return overdue.page(connection, memory, reach(caller, "home"), ask, q, wanted, today)


def status(connection: Connection, caller: Caller, now: datetime, version: str) -> ServiceStatus:
    """What the status line and the menu show."""
    feed = queries.feed(connection)
    counts: dict[str, int] = {}
    if caller.scope_on("print_queue") is not None:
        waiting = queries.letters_to_print(connection, reach(caller, "print_queue"), _MOST)
        counts["print_queue"] = waiting
    if caller.scope_on("assigned_followups") is not None:
        counts["assigned_followups"] = queries.own_assignments(connection, caller.user_id)
    return ServiceStatus(
        now=now,
        version=version,
        feed_as_of=feed.as_of if feed else None,
        feed_taken_at=feed.finished_at if feed else None,
        data_version=feed.data_version if feed else 0,
        counts=counts,
        alerts=alerts.count_open(connection, caller),
    )


def _classes(
    connection: Connection, memory: Memory, seen: Reach, classes: list[Bucket], feed: AnyRow | None
) -> tuple[int, dict[str, Class], int | None]:
    """The figures that only a feed changes, remembered until the next one."""
    if feed is None or feed.as_of is None:
        return 0, {}, None

    def make() -> tuple[int, dict[str, Class], int | None]:
        in_all, by_class = queries.classes(connection, seen, classes, feed.as_of)
        return in_all, by_class, queries.change(connection, seen, feed.as_of)

    made: tuple[int, dict[str, Class], int | None] = memory.get(
        ("home", seen.key, feed.data_version, repr(classes)),
        make,
        ttl_s=_OWN_TTL_S if seen.scope == "own" else 3600.0,
    )
    return made


def _figures(
    connection: Connection,
    seen: Reach,
    cases: int,
    by_class: dict[str, Class],
    change: int | None,
    today: date,
) -> Figures:
    begin = datetime.combine(today, time(), TEHRAN)
    contacts = queries.contacts(connection, seen, begin)
    due, silent = queries.promises(connection, seen, today)
    rate = _rate(queries.kept(connection, seen, today - timedelta(days=_RATE_DAYS - 1), today))
    before = _rate(
        queries.kept(
            connection,
            seen,
            today - timedelta(days=2 * _RATE_DAYS - 1),
            today - timedelta(days=_RATE_DAYS),
        )
    )
    return Figures(
        cases=cases,
        cases_change=change,
        facilities=sum(one.facilities for one in by_class.values()),
        overdue_amount=sum(one.overdue_amount for one in by_class.values()),
        contacts_today=contacts,
        contacts_target=contacts + queries.due_contacts(connection, seen, today, begin),
        promises_today=due,
        promises_without_contact=silent,
        kept_rate=rate,
        kept_rate_change=rate - before if rate is not None and before is not None else None,
    )


def _rate(counted: tuple[int, int]) -> int | None:
    kept, judged = counted
    return round(100 * kept / judged) if judged else None


def _bucket(one: Bucket, held: Class) -> AgeBucket:
    return AgeBucket(
        code=one.code,
        title=one.title,
        from_days=one.from_days,
        to_days=one.to_days,
        cases=held.cases,
        facilities=held.facilities,
        overdue_amount=held.overdue_amount,
    )


def _work_reach(seen: Reach) -> Reach:
    """My work is a branch's at most: who sees a province or the bank has what is assigned to them."""
    if seen.scope in {"bank", "province"}:
        return Reach("own", seen.user_id, seen.branch_code, seen.province_code)
    return seen


_MARK_KINDS: Final[dict[str, WorkKind]] = {"call": "call_due", "visit": "visit_due"}


def _item(row: AnyRow, today: date, as_of: date | None) -> WorkItem:
    kind, reason = _reason(row, today)
    return WorkItem(
        kind=kind,
        urgency=_urgency(row.due_on, today),
        reason=reason,
        loan_no=row.loan_no,
        customer_no=row.customer_no,
        customer_name=f"{row.first_name} {row.last_name}".strip(),
        branch_code=row.branch_code,
        overdue_days=shown_days(row.overdue_since, row.state_as_of or as_of),
        overdue_installments=row.overdue_installments,
        overdue_amount=row.overdue_amount,
        due_on=row.due_on,
        letter_id=row.letter_id,
    )


def _urgency(due: date, today: date) -> Urgency:
    if due < today:
        return "late"
    if due == today:
        return "today"
    return "soon" if due <= today + timedelta(days=2) else "later"


def _reason(row: AnyRow, today: date) -> tuple[WorkKind, str]:
    """What is to be done, as a sentence."""
    when = _when(row.due_on, today)
    amount = f"{money.show(row.amount)} ریالی " if row.amount is not None else ""
    follow_up = labels.FOLLOW_UP_KINDS.get(row.detail, "")
    match row.source:
        case "mark":
            late = row.due_on < today
            sentence = f"مهلت {follow_up} {when} گذشت" if late else f"{follow_up}، مهلت {when}"
            return _MARK_KINDS.get(row.detail, "letter_due"), sentence
        case "promise":
            return "promise_due", f"تعهد {amount}{when} سررسید {'شد' if row.due_on < today else 'می‌شود'}"
        case "broken":
            return "promise_broken", f"تعهد {amount}ایفا نشد"
        case "letter":
            stage = int(row.note) if row.note else None
            title = labels.letter_title(row.detail, stage, "borrower")
            return "letter_unserved", f"{title} چاپ شده و ابلاغ نشده است"
        case "assigned":
            return "assigned", f"امروز برای {follow_up} به شما تخصیص یافت"
        case _:
            return "hold_ending", f"{labels.HOLD_KINDS[row.detail]} {when} تمام می‌شود"


def _when(day: date, today: date) -> str:
    named: dict[int, str] = {-1: "دیروز", 0: "امروز", 1: "فردا"}
    return named.get((day - today).days, jalali.show(day))


def _news(connection: Connection, caller: Caller) -> Any:
    return queries.announcements(connection, caller.province_code, _ANNOUNCEMENTS)


def _announcement(row: AnyRow) -> Announcement:
    file = None
    if row.attachment_id is not None:
        file = Attachment(id=row.attachment_id, name=row.name, content_type=row.content_type, size=row.size)
    return Announcement(
        id=row.id,
        title=row.title,
        body=row.body,
        province_code=row.province_code,
        province_title=row.province_title,
        created_at=row.created_at,
        created_by=f"{row.first_name or ''} {row.last_name or ''}".strip(),
        attachment=file,
    )

"""One facility's details, as the page that opened them lets the caller see them."""

from datetime import date

from vesal_server import settings
from vesal_server.cases.buckets import bucket_of, buckets
from vesal_server.cases.overdue import shown_days
from vesal_server.cases.queries import details as queries
from vesal_server.cases.timeline import timeline
from vesal_server.kit.db import Connection
from vesal_server.kit.listing import Ask
from vesal_server.kit.small_list import small_page
from vesal_server.scope import Reach
from vesal_shared import labels, problems
from vesal_shared.messages.facilities import Facility, FacilityNotification, Guarantor, TimelineEntry
from vesal_shared.messages.lists import Page
from vesal_shared.problems import Refusal
from vesal_shared.text import clean

#: The newest notifications that the details show.
_NEWEST = 2_000


def facility_id(connection: Connection, reach: Reach, loan_no: str) -> int:
    """The facility of a loan number; refused alike where there is none and where the caller may not see it."""
    found = queries.visible_id(connection, reach, clean(loan_no))
    if found is None:
        raise Refusal(problems.NOT_FOUND)
    return found


def facility(connection: Connection, reach: Reach, loan_no: str, today: date) -> Facility:
    """The facility with its borrower."""
    row = queries.one(connection, facility_id(connection, reach, loan_no), today)
    as_of = row.state_as_of or row.as_of
    days = shown_days(row.overdue_since, as_of)
    bucket = bucket_of(days, buckets(settings.read(connection)))
    everywhere, seen = queries.overdue_of_customer(connection, reach, row.customer_id)
    expert = f"{row.expert_first_name or ''} {row.expert_last_name or ''}".strip() or row.expert_username
    return Facility(
        loan_no=row.loan_no,
        customer_no=row.customer_no,
        customer_name=f"{row.first_name} {row.last_name}".strip(),
        legal_person=row.legal_person,
        national_id=row.national_id,
        mobile=row.mobile,
        mobile_ok=row.mobile_ok,
        home_phone=row.home_phone,
        work_phone=row.work_phone,
        email=row.email,
        address=row.address,
        do_not_contact=row.do_not_contact,
        deceased=row.deceased,
        branch_code=row.branch_code,
        branch_title=row.branch_title,
        loan_type_code=row.loan_type_code,
        loan_type_title=row.loan_type_title,
        deposit_type_title=row.deposit_type_title,
        loan_date=row.loan_date,
        amount=row.amount,
        outstanding_amount=row.outstanding_amount,
        last_payment_date=row.last_payment_date,
        as_of=as_of,
        overdue=row.episode_id is not None,
        overdue_days=days,
        bucket=bucket.code,
        bucket_title=bucket.title,
        overdue_installments=row.overdue_installments,
        overdue_amount=row.overdue_amount,
        episode_opened_on=row.opened_on,
        expert_id=row.expert_id,
        expert=expert,
        promise_date=row.promise_date,
        promise_amount=row.promise_amount,
        promise_status=row.promise_status,
        hold_kind=row.hold_kind,
        hold_until=row.hold_until,
        hold_reason=row.hold_reason,
        guarantor_count=row.guarantors,
        notification_count=queries.count_notifications(connection, row.id),
        timeline_count=len(timeline(connection, row.id)),
        other_branches=everywhere - seen,
    )


def guarantors(connection: Connection, reach: Reach, loan_no: str, ask: Ask, q: str) -> Page[Guarantor]:
    """The facility's guarantors."""
    found = [
        Guarantor(
            loan_no=clean(loan_no),
            customer_no=row.customer_no,
            name=f"{row.first_name} {row.last_name}".strip(),
            legal_person=row.legal_person,
            mobile=row.mobile,
            mobile_ok=row.mobile_ok,
            address=row.address,
            since=row.since,
            ended_on=row.ended_on,
        )
        for row in queries.guarantors(connection, facility_id(connection, reach, loan_no))
    ]
    columns = {
        "customer_no": lambda one: one.customer_no,
        "name": lambda one: one.name,
        "mobile": lambda one: one.mobile,
        "address": lambda one: one.address,
        "since": lambda one: one.since,
    }
    return small_page(found, columns, ask, q)


def notifications(
    connection: Connection,
    reach: Reach,
    loan_no: str,
    ask: Ask,
    q: str,
    *,
    first: date | None = None,
    last: date | None = None,
    channel: str | None = None,
) -> Page[FacilityNotification]:
    """Messages, calls and letters about the facility (جزئیات اطلاع‌رسانی), the newest first."""
    found = [
        FacilityNotification(
            loan_no=clean(loan_no),
            customer_no=row.customer_no,
            branch_code=row.branch_code,
            day=row.day,
            due_at=row.due_at,
            sent_at=row.delivered_at or row.sent_at,
            channel=row.channel,
            role=row.role,
            recipient=f"{row.first_name} {row.last_name}".strip(),
            address=row.address,
            status=row.status,
            reason=labels.REASONS.get(row.reason or "", row.error_text or ""),
            text=row.text,
            workflow_title=row.workflow_title,
            letter_id=row.letter_id,
            letter_number=row.number,
        )
        for row in queries.notifications(
            connection,
            facility_id(connection, reach, loan_no),
            first=first,
            last=last,
            channel=channel,
            most=_NEWEST,
        )
    ]
    columns = {
        "day": lambda one: one.due_at,
        "channel": lambda one: labels.CHANNELS[one.channel],
        "recipient": lambda one: one.recipient,
        "status": lambda one: (labels.NOTIFICATION_STATUSES | labels.LETTER_STATUSES)[one.status],
        "text": lambda one: one.text,
    }
    return small_page(found, columns, ask, q)


def happened(connection: Connection, reach: Reach, loan_no: str, ask: Ask, q: str) -> Page[TimelineEntry]:
    """Everything that happened to the facility, the newest first."""
    found = timeline(connection, facility_id(connection, reach, loan_no))
    columns = {
        "at": lambda one: one.at,
        "title": lambda one: one.title,
        "subtitle": lambda one: one.subtitle,
        "quote": lambda one: one.quote,
    }
    return small_page(found, columns, ask, q)

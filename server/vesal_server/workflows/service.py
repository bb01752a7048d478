"""Saving, importing, exporting, switching and deleting workflows, with all that is refused and warned of."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time

from vesal_server import audit, settings
from vesal_server.gateways import registry
from vesal_server.kit.db import Connection
from vesal_server.workflows import entries, files, overlap, queries, templates
from vesal_server.workflows.files import WorkflowFile
from vesal_server.workflows.model import (
    LETTER_CHANNELS,
    NotificationWorkflow,
    Workflow,
    canonical,
    kind_of,
)
from vesal_server.workflows.queries import Stored
from vesal_shared import problems
from vesal_shared.digits import persian_digits
from vesal_shared.problems import Problem, Refusal

#: A range shorter than this may be skipped by a late feed, for letters.
_SHORT_FOR_LETTERS = 7


@dataclass(frozen=True, slots=True)
class Warned:
    """What a workflow was saved in spite of."""

    title: str
    code: str
    sentence: str


@dataclass(slots=True)
class Saved:
    """What an import or a change did; `changed_ids` are those whose plans have to be made anew."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    changed_ids: list[int] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What workflows are checked against."""

    loan_types: frozenset[str]
    active_loan_types: tuple[str, ...]
    branches: frozenset[str]
    audio: frozenset[str]
    window_start: time
    window_end: time
    sms_longest: int | None


def import_file(connection: Connection, content: WorkflowFile, actor: audit.Actor, *, now: datetime) -> Saved:
    """Take in all workflows of a file, or none: the same title (and kind) is replaced in place, others stay.

    Refusals name the workflow's title and the reason; overlaps are judged by the end state. The caller holds
    the plan lock and lets planning know of `changed_ids`.
    """
    bounds = _bounds(connection)
    stored = {(one.kind, one.workflow.title): one for one in queries.stored(connection)}
    saved = Saved()
    seen: set[tuple[str, str]] = set()
    for given in content.workflows:
        key = (kind_of(given), given.title)
        if key in seen:
            raise Refusal(problems.WORKFLOW_TITLE_TWICE, params={"title": given.title})
        seen.add(key)
        made = given
        if not given.loan_types and given.title in content.all_loan_types:
            made = canonical(replace(given, loan_types=bounds.active_loan_types))
        _put(connection, saved, made, stored.get(key), bounds, actor, now)
    overlap.check(connection, saved.changed_ids)
    return saved


def save(
    connection: Connection, made: Workflow, actor: audit.Actor, *, now: datetime, id_: int | None = None
) -> Saved:
    """Save one workflow, in place of `id_` or as a new one; refusals and the caller's part as for an import."""
    found = queries.stored(connection, [id_]) if id_ is not None else []
    saved = Saved()
    _put(connection, saved, canonical(made), found[0] if found else None, _bounds(connection), actor, now)
    overlap.check(connection, saved.changed_ids)
    return saved


def delete(connection: Connection, id_: int, actor: audit.Actor, *, now: datetime) -> None:
    """Delete a workflow that never did anything; one with history is refused (it can be disabled)."""
    found = queries.stored(connection, [id_])
    if not found:
        raise Refusal(problems.NOT_FOUND)
    if queries.has_history(connection, id_):
        raise Refusal(problems.WORKFLOW_HAS_HISTORY, params={"title": found[0].workflow.title})
    queries.remove(connection, id_)
    audit.record(connection, actor, now, "delete", "workflow", str(id_), old=entries.plain(found[0].workflow))


def all_stored(connection: Connection) -> list[Workflow]:
    """Every workflow of both kinds, as an export lists them."""
    return [one.workflow for one in queries.stored(connection)]


def ready_made() -> WorkflowFile:
    """The shipped workflows to begin with: 15–29, 30–59 and 60–90 days, disabled, for every loan type."""
    return files.parse(templates.resource("ready_workflows.yaml"))


def warnings(made: Workflow) -> list[Warned]:
    """What is worth saying of a workflow that is allowed all the same."""
    days = made.days_to - made.days_from + 1
    if days == 1:
        sentence = f"گردش کار «{made.title}»: بازه یک‌روزه است؛ اگر اطلاعات دیر برسد، آن روز از دست می‌رود."
        return [Warned(made.title, "one_day_range", sentence)]
    has_letters = isinstance(made, NotificationWorkflow) and bool(LETTER_CHANNELS & set(made.channels))
    if has_letters and days < _SHORT_FOR_LETTERS:
        sentence = (
            f"گردش کار «{made.title}»: بازه نامه کمتر از {persian_digits(_SHORT_FOR_LETTERS)} روز است؛ "
            "اگر اطلاعات دیر برسد، نامه صادر نمی‌شود."
        )
        return [Warned(made.title, "short_range_for_letters", sentence)]
    return []


def _put(
    connection: Connection,
    saved: Saved,
    made: Workflow,
    before: Stored | None,
    bounds: _Bounds,
    actor: audit.Actor,
    now: datetime,
) -> None:
    _check(made, bounds)
    saved.warnings.extend(warnings(made))
    if before is not None and before.workflow == made:
        saved.unchanged.append(made.title)
        return
    id_ = queries.put(connection, before.id if before else None, made, now)
    saved.changed_ids.append(id_)
    (saved.changed if before else saved.added).append(made.title)
    old = entries.plain(before.workflow) if before else None
    audit.record(
        connection,
        actor,
        now,
        "change" if before else "create",
        "workflow",
        str(id_),
        old=old,
        new=entries.plain(made),
    )


def _bounds(connection: Connection) -> _Bounds:
    stored = settings.read(connection)
    return _Bounds(
        loan_types=frozenset(queries.known_loan_types(connection)),
        active_loan_types=tuple(sorted(queries.known_loan_types(connection, active=True))),
        branches=frozenset(queries.known_branches(connection)),
        audio=frozenset(queries.known_audio(connection)),
        window_start=stored.clock("window.start"),
        window_end=stored.clock("window.end"),
        sms_longest=registry.longest_text(stored.text("sms.driver")),
    )


def _check(made: Workflow, bounds: _Bounds) -> None:
    _check_common(made, bounds)
    if not isinstance(made, NotificationWorkflow):
        return
    if not made.channels:
        raise _refused(problems.WORKFLOW_NO_CHANNEL, made)
    if not made.recipients:
        raise _refused(problems.WORKFLOW_NO_RECIPIENT, made)
    if not 1 <= made.per_day <= 10:
        raise _bad(made, "تعداد اطلاع‌رسانی در روز باید ۱ تا ۱۰ باشد.")
    if made.per_day > 1 and (made.repeat_minutes is None or made.repeat_minutes < 1):
        raise _bad(made, "برای بیش از یک نوبت در روز، فاصله نوبت‌ها باید دست‌کم ۱ دقیقه باشد.")
    if made.every_days < 1:
        raise _bad(made, "تکرار باید دست‌کم هر ۱ روز باشد.")
    _check_window(made, bounds)
    templates.check(made, bounds.audio, bounds.sms_longest)


def _check_common(made: Workflow, bounds: _Bounds) -> None:
    if not 1 <= made.days_from <= made.days_to:
        raise _refused(
            problems.WORKFLOW_RANGE,
            made,
            from_days=persian_digits(made.days_from),
            to_days=persian_digits(made.days_to),
        )
    if not made.loan_types:
        raise _bad(made, "دست‌کم یک نوع وام لازم است.")
    unknown = sorted(set(made.loan_types) - bounds.loan_types)
    if unknown:
        raise _refused(problems.WORKFLOW_UNKNOWN_LOAN_TYPE, made, codes="، ".join(unknown))
    if made.branches is not None:
        if not made.branches:
            raise _bad(made, "دست‌کم یک شعبه لازم است.")
        unknown = sorted(set(made.branches) - bounds.branches)
        if unknown:
            raise _refused(problems.WORKFLOW_UNKNOWN_BRANCH, made, codes="، ".join(unknown))


def _check_window(made: NotificationWorkflow, bounds: _Bounds) -> None:
    end = bounds.window_end.hour * 60 + bounds.window_end.minute
    if bounds.window_start <= made.start and made.last_minute < end:
        return
    raise _refused(
        problems.WORKFLOW_OUTSIDE_WINDOW,
        made,
        first=_clock(made.start.hour * 60 + made.start.minute),
        last=_clock(made.last_minute),
        start=persian_digits(bounds.window_start.strftime("%H:%M")),
        end=persian_digits(bounds.window_end.strftime("%H:%M")),
    )


def _clock(minute: int) -> str:
    """A minute of the day as hours and minutes; hours go on past 24 where repeats run into the next day."""
    return persian_digits(f"{minute // 60:02}:{minute % 60:02}")


def _refused(problem: Problem, made: Workflow, **params: object) -> Refusal:
    return Refusal(problem, params={"title": made.title, **params})


def _bad(made: Workflow, why: str) -> Refusal:
    return _refused(problems.WORKFLOW_BAD, made, why=why)

"""Takes a feed in, whole or not at all, in one transaction, and says what it did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from vesal_server import alerts, audit, settings
from vesal_server.audit.service import SYSTEM
from vesal_server.intake import manifest, merge
from vesal_server.intake.check import Known
from vesal_server.intake.queries import arrivals, checks, staging, tidying
from vesal_server.intake.read_folder import CUSTOMERS, DATA_FILES, FACILITIES, GUARANTORS, open_feed
from vesal_server.intake.reasons import REASONS
from vesal_server.intake.stage import Progress, Staged, stage
from vesal_server.kit.clock import Clock
from vesal_server.kit.db import Connection, Database
from vesal_server.settings.service import Settings
from vesal_shared import jalali, money, problems
from vesal_shared.digits import persian_digits
from vesal_shared.messages.data_reception import FeedStatus, IntakeCounts, IntakeResult, SetAsideRow
from vesal_shared.problems import Refusal

#: So many rows set aside stand in the answer itself; all of them stand in the report.
SHOWN_ROWS = 100
#: So many rows set aside are kept of a feed whatever its size; a refused one needs no more to be mended.
KEPT_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that somebody hands in: where it lies, how it came, who sent it, under which name."""

    path: Path
    #: command, watch, or upload.
    via: str = "command"
    actor: audit.Actor = SYSTEM
    #: The name that people know it by, where it isn't the path's own.
    name: str = ""
    #: Lifts the rule against truncated feeds, and no other.
    force: bool = False


def take(
    database: Database,
    clock: Clock,
    offer: Offer,
    *,
    told: Callable[[Progress], None] | None = None,
    tidy: bool = True,
) -> IntakeResult:
    """Take a feed in; a refused one changes nothing but the report, and is an answer, not an error.

    Others see the state before it until the end. A second intake waits for the first. `told` hears of the
    progress while files are read; `tidy` brings the planner's statistics up to date afterwards.
    """
    with database.transaction(statement_timeout_s=0) as connection:
        result, written = _Intake(connection, clock, offer, told).run()
    if tidy and written:
        with database.autocommit() as connection:
            tidying.tidy(connection, analyze=_is_much(result))
    return result


def _is_much(result: IntakeResult) -> bool:
    """Whether a tenth of the rows or more was written, as PostgreSQL itself judges."""
    files = (result.customers, result.facilities, result.guarantors)
    written = sum(count.new + count.changed for count in files) + result.cured
    return written * 10 >= written + sum(count.unchanged for count in files)


class _Intake:
    """One intake, from its lock to its record."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        offer: Offer,
        told: Callable[[Progress], None] | None,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._offer = offer
        self._told = told
        self._started_at = clock.now()
        self._as_of: date | None = None
        self._last = arrivals.State(None, None, False)
        self._form = "zip" if offer.path.is_file() else "folder"

    def run(self) -> tuple[IntakeResult, bool]:
        """Do it all; the second value says whether anything was written."""
        connection = self._connection
        # Before the lock, since it takes off the time-out of locks: a second intake waits as long as it takes.
        staging.prepare(connection)
        arrivals.lock(connection)
        arrival_id = arrivals.new_id(connection)
        try:
            # A refusal while a file streams in would leave PostgreSQL's transaction broken but for this savepoint.
            with connection.begin_nested():
                staged, configured = self._stage()
            found = self._check(staged, configured)
        except Refusal as refusal:
            return self._refused(arrival_id, refusal), False
        assert self._as_of is not None
        merged = merge.merge(
            connection, self._clock.now(), self._as_of, arrival_id, found, configured, self._last.as_of
        )
        return self._taken(arrival_id, staged, found, merged), merged.effect

    def _stage(self) -> tuple[Staged, Settings]:
        connection = self._connection
        with open_feed(self._offer.path) as feed:
            document = manifest.decode(feed.manifest())
            self._as_of = manifest.read_as_of(document)
            feed.check_complete()
            control = manifest.read_control(document, self._as_of)
            self._last = arrivals.state(connection)
            self._check_date(self._as_of)
            configured = settings.read(connection)
            branches, loan_types, deposit_types = staging.catalogues(connection)
            known = Known(self._as_of, branches, loan_types, deposit_types)
            allowed = control.rows * configured.integer("feed.max_bad_percent") // 100
            progress = Progress(feed.size, self._told)
            return stage(connection, feed, control, known, max(allowed, 0) + KEPT_ROWS, progress), configured

    def _check_date(self, as_of: date) -> None:
        if as_of > self._clock.today():
            raise Refusal(problems.FEED_IN_FUTURE, params={"as_of": jalali.show(as_of)})
        if self._last.as_of is not None and as_of < self._last.as_of:
            raise Refusal(
                problems.FEED_OLDER,
                params={"as_of": jalali.show(as_of), "last": jalali.show(self._last.as_of)},
            )

    def _check(self, staged: Staged, configured: Settings) -> checks.Found:
        connection = self._connection
        staging.analyze(connection)
        checks.repeated_customers(connection)
        checks.facilities_without_customer(connection)
        checks.repeated_facilities(connection)
        checks.bad_guarantors(connection)
        found = checks.found(connection)
        bad, percent = found.bad + staged.more, configured.integer("feed.max_bad_percent")
        if bad * 100 > staged.rows * percent:
            raise Refusal(
                problems.FEED_TOO_BAD,
                params={
                    "bad": persian_digits(bad),
                    "rows": persian_digits(staged.rows),
                    "percent": persian_digits(percent),
                    "kinds": self._kinds(),
                },
            )
        ratio, last = configured.integer("feed.min_ratio_percent"), self._last.distinct_loans
        if last is not None and found.distinct_loans * 100 < last * ratio and not self._offer.force:
            raise Refusal(
                problems.FEED_HALF_SIZE,
                params={
                    "found": persian_digits(found.distinct_loans),
                    "last": persian_digits(last),
                    "percent": persian_digits(ratio),
                },
            )
        return found

    def _kinds(self) -> str:
        """The commonest faults, each with its count, its first place, and what to mend."""
        told = [
            f"{persian_digits(count)} ردیف (نخست {file} سطر {persian_digits(line)}): "
            f"{REASONS[code].replace('{value}', value[:60])}"
            for code, file, line, value, count in checks.counts_by_code(self._connection)[:4]
        ]
        return " ".join([*told, *_unknown_codes(self._connection)])

    def _taken(
        self, arrival_id: int, staged: Staged, found: checks.Found, merged: merge.Merged
    ) -> IntakeResult:
        connection = self._connection
        status: FeedStatus = "taken" if merged.effect else "unchanged"
        aside = arrivals.set_aside_counts(connection)
        counts = {
            name: IntakeCounts(
                new=merged.files[name].new,
                changed=merged.files[name].changed,
                unchanged=merged.files[name].unchanged,
                rejected=aside.get(name, 0),
            )
            for name in DATA_FILES
        }
        arrivals.record(
            connection,
            self._arrival(
                arrival_id,
                status,
                counts=_as_stored(staged, counts, merged.cured),
                notes=(*_notes(connection, staged, found), *merged.notes),
                distinct_loans=found.distinct_loans,
                overdue_amount=staged.tallies[FACILITIES].overdue_amount,
            ),
        )
        arrivals.record_set_aside(connection, arrival_id, REASONS)
        now = self._clock.now()
        audit.record(
            connection,
            self._offer.actor,
            now,
            "import",
            "feed_arrival",
            str(arrival_id),
            new={"status": status, "as_of": str(self._as_of), **_as_stored(staged, counts, merged.cured)},
        )
        alerts.resolve(connection, now, "feed_refused")
        alerts.resolve(connection, now, "no_feed")
        if found.cures_wait:
            alerts.raise_alert(connection, now, "cures_wait")
        else:
            alerts.resolve(connection, now, "cures_wait")
        return self._result(arrival_id, status, counts, merged.cured)

    def _refused(self, arrival_id: int, refusal: Refusal) -> IntakeResult:
        connection = self._connection
        arrivals.record(
            connection,
            self._arrival(arrival_id, "refused", reason_code=refusal.code, reason=refusal.sentence),
        )
        arrivals.record_set_aside(connection, arrival_id, REASONS)
        alerts.raise_alert(
            connection,
            self._clock.now(),
            "feed_refused",
            params={"source": self._source, "reason": refusal.sentence},
        )
        none = {name: IntakeCounts() for name in DATA_FILES}
        return self._result(arrival_id, "refused", none, 0, refusal.sentence)

    @property
    def _source(self) -> str:
        return self._offer.name or self._offer.path.name

    def _arrival(
        self,
        arrival_id: int,
        status: str,
        *,
        reason_code: str | None = None,
        reason: str = "",
        counts: dict[str, Any] | None = None,
        notes: Sequence[str] = (),
        distinct_loans: int | None = None,
        overdue_amount: int | None = None,
    ) -> arrivals.Arrival:
        return arrivals.Arrival(
            id=arrival_id,
            as_of=self._as_of,
            source=self._source,
            form=self._form,
            via=self._offer.via,
            user_id=self._offer.actor.user_id,
            started_at=self._started_at,
            finished_at=self._clock.now(),
            status=status,
            reason_code=reason_code,
            reason=reason,
            counts=counts,
            notes=notes,
            distinct_loans=distinct_loans,
            # The sum of a feed full of absurd amounts may be more than a column holds.
            overdue_amount=None
            if overdue_amount is None or overdue_amount > money.HIGHEST
            else overdue_amount,
            forced=self._offer.force,
        )

    def _result(
        self,
        arrival_id: int,
        status: FeedStatus,
        counts: dict[str, IntakeCounts],
        cured: int,
        reason: str | None = None,
    ) -> IntakeResult:
        # A refused feed took no row and set none aside; those that were bad stand in the report.
        rows = (
            [] if status == "refused" else arrivals.first_set_aside(self._connection, arrival_id, SHOWN_ROWS)
        )
        return IntakeResult(
            status=status,
            as_of=self._as_of,
            reason=reason,
            customers=counts[CUSTOMERS],
            facilities=counts[FACILITIES],
            guarantors=counts[GUARANTORS],
            cured=cured,
            rejected=[
                SetAsideRow(file=file, line=line, code=code, reason=why, key=key)
                for file, line, code, why, key in rows
            ],
            id=arrival_id,
        )


def _as_stored(staged: Staged, counts: Mapping[str, IntakeCounts], cured: int) -> dict[str, Any]:
    """The counts as the report keeps them: rows too, and files by their bare names."""
    files = {
        name.removesuffix(".csv"): {
            "rows": staged.tallies[name].rows,
            "new": count.new,
            "changed": count.changed,
            "unchanged": count.unchanged,
            "rejected": count.rejected,
        }
        for name, count in counts.items()
    }
    return {**files, "cured": cured}


def _unknown_codes(connection: Connection) -> list[str]:
    titles = {"unknown_branch": "کد شعبه ناشناخته", "unknown_loan_type": "کد نوع وام ناشناخته"}
    return [
        f"{titles[code]} «{value}»: {persian_digits(count)} ردیف."
        for code, value, count in checks.unknown_codes(connection)
    ]


def _notes(connection: Connection, staged: Staged, found: checks.Found) -> list[str]:
    """What the report says beside the counts: columns passed over, unknown codes, cures that wait."""
    notes = [
        f"ستون‌های ناشناخته {name} نادیده گرفته شد: {'، '.join(columns)}"
        for name, columns in staged.unknown_columns.items()
        if columns
    ]
    notes += _unknown_codes(connection)
    deposits = staged.tallies[FACILITIES].unknown_deposit_types
    notes += [
        f"نوع سپرده ناشناخته «{code}»: {persian_digits(count)} ردیف؛ خالی گرفته شد."
        for code, count in sorted(deposits.items(), key=lambda one: (-one[1], one[0]))[:50]
    ]
    if found.cures_wait:
        notes.append("ردیفی بدون شماره تسهیلات خوانا بود؛ خروج از معوقات تا دریافت بعدی انجام نشد.")
    if found.pairs_wait:
        notes.append("ردیفی از ضامن‌ها شماره خوانا نداشت؛ پایان ضمانت‌ها تا دریافت بعدی ثبت نشد.")
    return notes

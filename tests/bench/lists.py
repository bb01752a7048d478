"""List pages against bare SQL on the same rows and indexes, by turns, in one run."""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import urllib3
from sqlalchemy import text

from tests.bench.lists_data import AS_OF, fill
from tests.measure import Report, alternate
from tests.stand import Stand, stand
from tests.worlds import CHEAP, PASSWORD, add_user
from vesal_server.cases import overdue
from vesal_server.cases.filters import OverdueFilter
from vesal_server.host import Host
from vesal_server.kit.clock import FixedClock, tehran_instant
from vesal_server.kit.db import Database
from vesal_server.kit.listing import Ask
from vesal_server.kit.memory import Memory
from vesal_server.scope import Reach
from vesal_shared.pages import LEGAL_ADMINS

SIZE: Final = 50
CALLERS: Final = 20
#: By scope: the reach, and the same in bare SQL.
SCOPES: Final[dict[str, tuple[Reach, str]]] = {
    "bank": (Reach("bank", 1, None, None), "true"),
    "province": (
        Reach("province", 1, None, "2"),
        "f.branch_code = ANY(ARRAY(SELECT code FROM branch WHERE province_code = '2'))",
    ),
    "branch": (Reach("branch", 1, "1001", "2"), "f.branch_code = '1001'"),
    "own": (
        Reach("own", 1, "1001", "2"),
        "EXISTS (SELECT FROM assignment a WHERE a.facility_id = f.id AND a.user_id = 1 AND a.closed_at IS NULL)",
    ),
}
#: The order of each declared sort as it rises, in bare SQL, and the side table that it needs.
SORTS: Final[dict[str, tuple[str, str]]] = {
    "loan_no": ("f.loan_no, f.id", ""),
    "customer_no": ("f.customer_no, f.id", ""),
    "customer_name": ("f.borrower_sort, f.id", ""),
    "branch_code": ("f.branch_code, f.overdue_since, f.id", ""),
    "loan_type": ("f.loan_type_code, f.overdue_since, f.id", ""),
    "overdue_days": ("f.overdue_since DESC, f.id DESC", ""),
    "overdue_installments": ("f.overdue_installments NULLS FIRST, f.id", ""),
    "overdue_amount": ("f.overdue_amount, f.id", ""),
    "amount": ("f.amount NULLS FIRST, f.id", ""),
    "loan_date": ("f.loan_date NULLS FIRST, f.id", ""),
    "last_contact": (
        "s.at NULLS FIRST, f.id",
        "LEFT JOIN (SELECT facility_id, max(at) AS at FROM follow_up GROUP BY 1) s ON s.facility_id = f.id",
    ),
    "promise": (
        "s.date NULLS FIRST, f.id",
        "LEFT JOIN (SELECT DISTINCT ON (facility_id) facility_id, date FROM promise"
        " ORDER BY facility_id, id DESC) s ON s.facility_id = f.id",
    ),
    "expert": (
        "s.name NULLS FIRST, f.id",
        "LEFT JOIN (SELECT a.facility_id, u.name_sort AS name FROM assignment a JOIN app_user u ON u.id = a.user_id"
        " WHERE a.closed_at IS NULL) s ON s.facility_id = f.id",
    ),
}
#: What a page shows, joined straight to its ids.
_SHOWN: Final = """
    SELECT f.loan_no, f.customer_no, f.branch_code, f.loan_type_code, f.loan_date, f.amount, f.overdue_since,
           f.overdue_installments, f.overdue_amount, c.first_name, c.last_name, b.title, t.title, lc.at, p.date,
           p.status, a.user_id, u.last_name, h.until
      FROM ({ids}) wanted JOIN facility f ON f.id = wanted.id JOIN customer_now c ON c.id = f.customer_id
      JOIN branch b ON b.code = f.branch_code JOIN loan_type t ON t.code = f.loan_type_code
      LEFT JOIN LATERAL (SELECT max(at) AS at FROM follow_up WHERE facility_id = f.id) lc ON true
      LEFT JOIN LATERAL (
          SELECT date, status FROM promise WHERE facility_id = f.id ORDER BY id DESC LIMIT 1) p ON true
      LEFT JOIN assignment a ON a.facility_id = f.id AND a.closed_at IS NULL
      LEFT JOIN app_user u ON u.id = a.user_id
      LEFT JOIN LATERAL (SELECT max(until) AS until FROM hold
           WHERE facility_id = f.id AND lifted_at IS NULL AND until >= '2026-11-24') h ON true
"""


def main(arguments: Sequence[str] = ()) -> int:
    """Run the bench; `--small` for the test suite."""
    small = "--small" in arguments
    report = Report("lists")
    with stand() as made, made.database() as database:
        if small:
            run(report, made, database, facilities=3_000, branches=10, runs=1, seconds_of_calls=1)
        else:
            run(report, made, database, facilities=1_000_000, branches=400, runs=5, seconds_of_calls=20)
    return report.end()


def run(
    report: Report,
    made: Stand,
    database: Database,
    *,
    facilities: int,
    branches: int,
    runs: int,
    seconds_of_calls: int,
) -> None:
    """Every case; each floor runs by turns with what it is held to."""
    with database.transaction(statement_timeout_s=0) as connection:
        fill(connection, facilities=facilities, branches=branches)
        add_user(connection, "bench", LEGAL_ADMINS, at=tehran_instant(AS_OF))
        connection.execute(
            text(
                "INSERT INTO assignment (facility_id, branch_code, user_id, kind, assigned_at)"
                " SELECT id, branch_code, 1, 'call', now() FROM facility WHERE branch_code = '1001' LIMIT 100"
            )
        )
    with database.autocommit() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    bench = _Bench(report, database, runs)
    for scope in SCOPES:
        bench.first_page(scope)
    for sort in SORTS:
        bench.sorted_page(sort)
    bench.far_page(min(5_000, max(60, facilities // SIZE // 4)))
    bench.page_map()
    for word in ("شکو", "رضا", "017"):
        bench.search(word)
    for scope in SCOPES:
        bench.filtered(scope)
    _callers(report, made, database, seconds_of_calls)


class _Bench:
    """The cases over one filled database."""

    def __init__(self, report: Report, database: Database, runs: int) -> None:
        self._report = report
        self._database = database
        self._runs = runs
        self._memory = Memory()

    def first_page(self, scope: str) -> None:
        """Page 1 in the default order."""
        reach, where = SCOPES[scope]
        self._held(
            f"page 1, {scope}",
            lambda: self._page(reach),
            lambda: self._bare(where, "f.overdue_since, f.id"),
        )

    def sorted_page(self, sort: str) -> None:
        """Page 1 in one order, bank-wide; the falling one is the same index backwards."""
        order, join = SORTS[sort]
        self._held(
            f"sort {sort}",
            lambda: self._page(SCOPES["bank"][0], sort=sort),
            lambda: self._bare("true", order, join=join),
        )

    def far_page(self, number: int) -> None:
        """A page far away, once its map exists, against page 1."""
        reach = SCOPES["bank"][0]
        self._page(reach, sort="-overdue_amount", number=number)
        far, near = alternate(
            lambda: self._page(reach, sort="-overdue_amount", number=number),
            lambda: self._page(reach, sort="-overdue_amount"),
            max(5, self._runs),
        )
        self._report.add(
            f"page {number}", held=far <= 3 * near, must="<= 3 x page 1",
            ratio=far / near, ms=1000 * far, page_1_ms=1000 * near,
        )  # fmt: skip

    def page_map(self) -> None:
        """Making a page map against one bare sorted scan of the ids, which carries nothing over."""
        bare = (
            "SELECT max(id) FROM (SELECT f.id FROM facility f WHERE f.episode_id IS NOT NULL"
            " ORDER BY f.borrower_sort, f.id OFFSET 0) sorted"
        )

        def made() -> None:
            self._memory = Memory()
            self._page(SCOPES["bank"][0], sort="customer_name", number=45)

        ours, floor = alternate(made, lambda: self._execute(bare), self._runs)
        self._report.add(
            "page map", held=ours <= 2 * floor, must="<= 2 x one sorted scan of ids",
            ratio=ours / floor, ms=1000 * ours, floor_ms=1000 * floor,
        )  # fmt: skip

    def search(self, word: str) -> None:
        """A search of three letters, page and count, nothing remembered."""
        where = f"f.search LIKE '%{word}%'"
        count = f"SELECT count(*) FROM (SELECT 1 FROM facility f WHERE f.episode_id IS NOT NULL AND {where} LIMIT 10001) n"

        def ours() -> None:
            self._memory = Memory()
            self._page(SCOPES["bank"][0], q=word)

        def floor() -> None:
            self._execute(count)
            self._bare(where, "f.overdue_since, f.id")

        self._held(f"search {word}", ours, floor)

    def filtered(self, scope: str) -> None:
        """Days and amount, page and exact count, nothing remembered."""
        reach, where = SCOPES[scope]
        where = f"{where} AND f.overdue_since <= '{AS_OF}'::date - 31 AND f.overdue_amount >= 5000000000"
        count = f"SELECT count(*) FROM facility f WHERE f.episode_id IS NOT NULL AND {where}"

        def ours() -> None:
            self._memory = Memory()
            self._page(reach, wanted=OverdueFilter(days_from=31, amount_from=5_000_000_000))

        def floor() -> None:
            self._execute(count)
            self._bare(where, "f.overdue_since, f.id")

        self._held(f"filter, {scope}", ours, floor)

    def _held(self, case: str, ours: Callable[[], object], floor: Callable[[], object]) -> None:
        # Once each before the clock runs: plans and pages are in memory for both.
        ours()
        floor()
        mine, bare = alternate(ours, floor, self._runs)
        self._report.add(
            case, held=mine <= 3 * bare, must="<= 3 x bare SQL",
            ratio=mine / bare, ms=1000 * mine, floor_ms=1000 * bare,
        )  # fmt: skip

    def _page(
        self,
        reach: Reach,
        *,
        sort: str = "",
        number: int = 1,
        q: str = "",
        wanted: OverdueFilter = OverdueFilter(),  # noqa: B008 - frozen
    ) -> None:
        with self._database.transaction(read_only=True, repeatable=True) as connection:
            overdue.page(connection, self._memory, reach, Ask(sort, number, SIZE), q, wanted, AS_OF)

    def _bare(self, where: str, order: str, *, join: str = "") -> None:
        ids = (
            f"SELECT f.id FROM facility f {join} WHERE f.episode_id IS NOT NULL AND {where}"
            f" ORDER BY {order} LIMIT {SIZE}"
        )
        self._execute(_SHOWN.format(ids=ids))

    def _execute(self, statement: str) -> None:
        with self._database.transaction() as connection:
            connection.exec_driver_sql(statement.replace("%", "%%")).all()


def _callers(report: Report, made: Stand, database: Database, how_long: int) -> None:
    """20 callers with a second of thinking, over HTTP: a goal, not a floor."""
    clock = FixedClock(tehran_instant(AS_OF))
    config = replace(made.config, port=0)
    host = Host(config, database.url, made.secrets, clock, hasher=CHEAP, background=False)
    host.start()
    try:
        took: list[float] = []
        failed: list[int] = []
        stop = time.monotonic() + how_long
        pool = urllib3.PoolManager(maxsize=CALLERS)
        body = {"username": "bench", "password": PASSWORD}
        token = pool.request("POST", f"{host.url}/api/v1/session", json=body).json()["token"]
        pause = threading.Event()

        def call(place: int) -> None:
            page, sorts = 1 + place, list(SORTS)[:10]
            pause.wait(place / CALLERS)
            while time.monotonic() < stop:
                fields = {"page": str(page), "sort": sorts[page % len(sorts)], "size": str(SIZE)}
                begin = time.perf_counter()
                answer = pool.request(
                    "GET",
                    f"{host.url}/api/v1/overdue-cases",
                    fields=fields,
                    headers={"Authorization": f"Bearer {token}"},
                )
                took.append(time.perf_counter() - begin)
                if answer.status != 200:
                    failed.append(answer.status)
                page = 1 + (page + 1) % 30
                pause.wait(1.0)

        callers = [threading.Thread(target=call, args=(place,)) for place in range(CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
    finally:
        host.stop()
    ordered = sorted(took)
    p95 = ordered[int(len(ordered) * 0.95)]
    report.add(
        "20 callers over HTTP", held=not failed, must="no error; goal: p95 100 ms",
        calls=len(took), p95_ms=1000 * p95, median_ms=1000 * statistics.median(took), failed=len(failed),
    )  # fmt: skip

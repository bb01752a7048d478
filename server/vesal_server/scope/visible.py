"""The conditions that cut every list, count, report, export and single record to what a caller may see."""

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    any_,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from vesal_server.scope.caller import Caller
from vesal_server.tables.catalogs import branch
from vesal_server.tables.followups import assignment
from vesal_server.tables.loans import facility, guarantor
from vesal_shared import problems
from vesal_shared.pages import Scope
from vesal_shared.problems import Refusal

#: Pages on which «own» also reaches the facilities of the user's branch.
_OWN_AND_BRANCH = frozenset({"record_followup"})


@dataclass(frozen=True, slots=True)
class Reach:
    """What one caller sees on one page, as conditions on the columns of a query.

    A province or branch scope without a province or branch reaches nothing.
    """

    scope: Scope | None
    user_id: int
    branch_code: str | None
    province_code: str | None
    own_and_branch: bool = False

    @property
    def key(self) -> str:
        """The same text for the same reach: part of the key of whatever is remembered about a list."""
        match self.scope:
            case "bank":
                return "bank"
            case "province":
                return f"province:{self.province_code}"
            case "branch":
                return f"branch:{self.branch_code}"
            case "own":
                return f"own:{self.user_id}:{self.branch_code if self.own_and_branch else ''}"
            case None:
                return "none"

    def branches(self, code: ColumnElement[str] | ColumnElement[str | None]) -> ColumnElement[bool]:
        """Rows that belong to a branch by the column `code`; «own» sees its own branch here."""
        match self.scope:
            case "bank":
                return true()
            case "province" if self.province_code is not None:
                # An array of one sub-select is computed once and filters inside an index, which a join would
                # not.
                codes = select(branch.c.code).where(branch.c.province_code == self.province_code)
                return code == any_(func.array(codes.scalar_subquery(), type_=ARRAY(String)))
            case "branch" | "own" if self.branch_code is not None:
                return code == self.branch_code
            case _:
                return false()

    def facilities(self, table: FromClause = facility) -> ColumnElement[bool]:
        """Facilities by their branch, or those openly assigned to the caller."""
        if self.scope != "own":
            return self.branches(table.c.branch_code)
        mine = self._assigned(table.c.id)
        if self.own_and_branch and self.branch_code is not None:
            return or_(mine, table.c.branch_code == self.branch_code)
        return mine

    def letters(self, table: FromClause) -> ColumnElement[bool]:
        """Letters by the branch in whose queue they stand, or those about the caller's own facilities."""
        if self.scope != "own":
            return self.branches(table.c.branch_code)
        return self._assigned(table.c.facility_id)

    def _assigned(self, facility_id: ColumnElement[int]) -> ColumnElement[bool]:
        # An alias of its own, or a query that joins assignments would share it.
        mine = assignment.alias("mine")
        return exists().where(
            mine.c.facility_id == facility_id,
            mine.c.user_id == self.user_id,
            mine.c.closed_at.is_(None),
        )

    def customers(self, table: FromClause) -> ColumnElement[bool]:
        """People who are borrower or guarantor of a visible facility.

        Only facilities that a feed held are stored.
        """
        if self.scope == "bank":
            return true()
        owed = exists().where(facility.c.customer_id == table.c.id, self.facilities(facility))
        bound = facility.alias("bound")
        vouched = exists().where(
            guarantor.c.customer_id == table.c.id,
            bound.c.id == guarantor.c.facility_id,
            self.facilities(bound),
        )
        return or_(owed, vouched)

    def users(self, table: FromClause) -> ColumnElement[bool]:
        """Users of the reach: of the province those of its branches and its own, of a branch its own.

        Else oneself.
        """
        match self.scope:
            case "bank":
                return true()
            case "province" if self.province_code is not None:
                return or_(table.c.province_code == self.province_code, self.branches(table.c.branch_code))
            case "branch" if self.branch_code is not None:
                return table.c.branch_code == self.branch_code
            case _:
                return table.c.id == self.user_id

    def branch_codes(self) -> Select[tuple[str]]:
        """The codes of the branches in reach, for filters."""
        return select(branch.c.code).where(self.branches(branch.c.code)).order_by(branch.c.code)


def reach(caller: Caller, page: str) -> Reach:
    """What the caller sees on `page`; refused where no group grants it."""
    scope = caller.scope_on(page)
    if scope is None and page != "home":
        raise Refusal(problems.PAGE_NOT_GRANTED)
    return Reach(
        scope,
        caller.user_id,
        caller.branch_code,
        caller.province_code,
        own_and_branch=page in _OWN_AND_BRANCH,
    )


def everything() -> Reach:
    """The whole bank: for commands and the timetable, which act for the bank itself."""
    return Reach("bank", 0, None, None)

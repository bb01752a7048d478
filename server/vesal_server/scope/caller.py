"""Who asks, and what their groups grant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vesal_shared.pages import PAGE, SCOPES, Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user as one request sees them.

    `grants` maps page codes to the widest scope of those of the user's groups that grant the page.
    `province_code` is that of the branch, or the user's own if they have no branch.
    """

    user_id: int
    username: str
    first_name: str
    last_name: str
    branch_code: str | None
    province_code: str | None
    grants: Mapping[str, Scope] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    must_change_password: bool = False

    @property
    def name(self) -> str:
        """The name as lists show it."""
        return f"{self.first_name} {self.last_name}".strip() or self.username

    def scope_on(self, page: str) -> Scope | None:
        """The scope on a page; None where no group grants it.

        Everybody's pages have the widest scope of all.
        """
        if PAGE[page].everyone:
            return self.widest
        return self.grants.get(page)

    @property
    def widest(self) -> Scope | None:
        """The widest scope over all pages: what the home page shows."""
        return widest(self.grants.values())


def widest(scopes: Iterable[Scope]) -> Scope | None:
    """The widest of some scopes, None where there are none."""
    given = set(scopes)
    return next((scope for scope in SCOPES if scope in given), None)

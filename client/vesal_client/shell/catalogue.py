"""Which pages there are and what the menu shows of them; a page's module is read when it is first opened."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Final, cast

from vesal_client.kit.page import Page, PageContext
from vesal_client.session import Session
from vesal_shared.pages import MENU, PAGE, PAGES
from vesal_shared.pages import Page as Declared

_PACKAGE: Final = "vesal_client.pages"
#: Icons of the menu's groups.
GROUP_ICONS: Final = {
    "system": "shield",
    "base": "sliders",
    "cases": "folder",
    "followup": "phone",
    "reports": "chart",
}
HOME: Final = "home"


@dataclass(frozen=True, slots=True)
class MenuPart:
    """A group of the menu with the pages that this user may open."""

    code: str
    label: str
    icon: str
    pages: tuple[Declared, ...]


def exists(code: str) -> bool:
    """Whether the client has this page."""
    return code in PAGE and find_spec(f"{_PACKAGE}.{code}") is not None


def menu(session: Session) -> list[MenuPart]:
    """The groups in their order; a group without pages isn't there."""
    parts = []
    for group in MENU:
        pages = tuple(
            page
            for page in PAGES
            if page.group == group.code
            and session.may_open(page.code)
            and not page.admin
            and exists(page.code)
        )
        if pages:
            parts.append(MenuPart(group.code, group.label, GROUP_ICONS[group.code], pages))
    return parts


def build(code: str, context: PageContext) -> Page:
    """Make a page."""
    maker = cast("Callable[[PageContext], Page]", import_module(f"{_PACKAGE}.{code}").build)
    return maker(context)

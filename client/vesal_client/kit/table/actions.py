"""What can be done with a row, and with all ticked rows; pages declare it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vesal_client.kit.table.selection import Chosen


@dataclass(frozen=True, slots=True)
class RowAction:
    """Something that can be done with one record.

    It stands in the row's menu; where it is `quick` also as an icon at the end of the current and the hovered
    row. `shortcut` is shown in the menu and works while the table has the keyboard.
    """

    label: str
    icon: str
    act: Callable[[Any], None]
    shortcut: str = ""
    quick: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something that can be done with all ticked rows; it stands in the selection bar.

    Where it is `last` it stands behind copying, as Excel does.
    """

    label: str
    icon: str
    act: Callable[[Chosen], None]
    last: bool = False

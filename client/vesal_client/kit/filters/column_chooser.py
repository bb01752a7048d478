"""Chooses which columns a table shows."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vesal_client.kit.buttons import Button
from vesal_client.kit.labels import Label
from vesal_client.kit.popup import Popup
from vesal_client.kit.table.header import Header
from vesal_client.kit.toggles import CheckBox
from vesal_client.look.theme import Theme


class ColumnChooser(Popup):
    """A tick a column, and the way back to how it was."""

    def __init__(self, theme: Theme, header: Header, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._header = header
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(10)
        column.addWidget(Label(theme, "ستون‌ها", size=12, weight=500, colour="text2"))
        self.boxes: dict[str, CheckBox] = {}
        for each in header.declared():
            box = CheckBox(theme, each.label, inside)
            box.setChecked(header.is_shown(each.key))
            box.toggled.connect(lambda on, key=each.key: self._toggle(key, shown=on))
            self.boxes[each.key] = box
            column.addWidget(box)
        back = Button(theme, "بازگشت به حالت نخست", look="link", small=True, parent=inside)
        back.clicked.connect(self._reset)
        column.addWidget(back)
        self.body.addWidget(inside)

    def _toggle(self, key: str, *, shown: bool) -> None:
        self._header.show_column(key, shown=shown)
        self._tell()

    def _reset(self) -> None:
        self._header.restore_declared()
        self._tell()

    def _tell(self) -> None:
        """Show what the header made of it; the last column can't be hidden."""
        for key, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(self._header.is_shown(key))
            box.blockSignals(False)

"""Asks under which name filters are saved."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vesal_client.kit.buttons import Button
from vesal_client.kit.fields import TextField
from vesal_client.kit.labels import Label
from vesal_client.kit.popup import Popup
from vesal_client.look.theme import Theme
from vesal_shared.text import clean


class SavePopup(Popup):
    """A name and «ذخیره»."""

    named = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(Label(theme, "نام فیلتر", size=12, weight=500, colour="text2"))
        self.name = TextField(theme, "نام فیلتر", parent=inside)
        self.name.entered.connect(self._save)
        column.addWidget(self.name)
        save = Button(theme, "ذخیره", look="primary", small=True, parent=inside)
        save.clicked.connect(self._save)
        column.addWidget(save)
        self.body.addWidget(inside)
        QTimer.singleShot(0, self.name, self.name.setFocus)

    def _save(self) -> None:
        name = clean(self.name.text())
        if not name:
            self.name.set_bad(True)
            return
        self.named.emit(name)
        self.close()

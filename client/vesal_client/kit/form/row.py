"""One field on the screen: label above, the control, a hint or an error below."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vesal_client.kit.date_field import DateField
from vesal_client.kit.field_words import FieldLabel, Note
from vesal_client.kit.fields import TextArea, TextField
from vesal_client.kit.form.declared import Field, Kind, wrong_by_kind
from vesal_client.kit.picker import Picker, Select
from vesal_client.kit.toggles import CheckBox, Segments, Switch
from vesal_client.look.theme import Theme
from vesal_shared import jalali, money
from vesal_shared.digits import ascii_digits
from vesal_shared.text import clean

Control = TextField | TextArea | Select | CheckBox | Switch | Segments

_REQUIRED = "این کادر را پر کنید."


class Row(QWidget):
    """A field with its label and note; knows how to read, check and fill it."""

    edited = Signal()
    """Its value was changed by the user."""

    def __init__(
        self, theme: Theme, field: Field, today: Callable[[], dt.date], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._touched = False
        self.control = make_control(theme, field, today)
        self.note = Note(theme, field.hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        if field.kind is not Kind.CHECK:
            column.addWidget(FieldLabel(theme, field.label, required=field.required))
        column.addWidget(self.control)
        column.addWidget(self.note)
        column.addStretch(1)
        self._connect()

    def _connect(self) -> None:
        control = self.control
        if isinstance(control, DateField):
            control.date_changed.connect(self._edited)
        if isinstance(control, TextField | TextArea):
            control.changed.connect(self._edited)
            control.left.connect(self._left)
        elif isinstance(control, Select):
            control.picked.connect(self._edited)
            control.left.connect(self._left)
        elif isinstance(control, Segments):
            control.chosen.connect(self._edited)
        else:
            control.toggled.connect(self._edited)
        if isinstance(control, Picker):
            control.picked.connect(self._edited)

    def _edited(self) -> None:
        self._touched = True
        if self.note.error:
            self.validate()
        self.edited.emit()

    def _left(self) -> None:
        if self._touched:
            self.validate()

    # Its value.

    def value(self) -> Any:
        """What stands here as a real type; None where nothing does. Raises BadDate and BadNumber."""
        control, kind = self.control, self.field.kind
        if isinstance(control, DateField):
            return control.date()
        if isinstance(control, Picker | Select):
            option = control.option()
            return option.code if option else None
        if isinstance(control, CheckBox | Switch):
            return control.isChecked()
        if isinstance(control, Segments):
            return control.value() or None
        if isinstance(control, TextArea):
            return control.text().strip() or None
        if kind in {Kind.MONEY, Kind.NUMBER}:
            return control.amount()
        if kind is Kind.PASSWORD:
            return control.edit.text() or None
        return clean(control.text()) or None

    def set_value(self, value: Any) -> None:
        """Fill it without telling."""
        control = self.control
        self._touched = False
        self.note.say("")
        self._set_bad(False)
        if isinstance(control, DateField):
            control.set_date(value)
        elif isinstance(control, Picker | Select):
            control.set_code(value or "")
        elif isinstance(control, CheckBox | Switch):
            control.setChecked(bool(value))
        elif isinstance(control, Segments):
            control.set_value(value or "")
        elif isinstance(control, TextField) and self.field.kind in {Kind.MONEY, Kind.NUMBER}:
            control.set_amount(value)
        elif isinstance(control, TextField | TextArea):
            control.set_text(value or "")

    def wrong(self) -> str:
        """What is wrong with what stands here, or nothing."""
        field = self.field
        try:
            value = self.value()
        except jalali.BadDate:
            return "تاریخ خوانده نشد؛ مانند ۱۴۰۵/۰۹/۰۳، «۳ آذر» یا «فردا» بنویسید."
        except money.BadNumber:
            return "اینجا عدد بنویسید."
        if value is None or value == "":
            return _REQUIRED if field.required else ""
        if isinstance(self.control, DateField) and not self.control.in_range():
            return self._outside(self.control)
        text = ascii_digits(value) if isinstance(value, str) else value
        return wrong_by_kind(field.kind, text) or (field.check(value) if field.check else "")

    def _outside(self, control: DateField) -> str:
        if control.earliest and control.latest:
            return f"تاریخ باید از {jalali.show(control.earliest)} تا {jalali.show(control.latest)} باشد."
        if control.earliest:
            return f"تاریخ باید {jalali.show(control.earliest)} یا پس از آن باشد."
        return f"تاریخ باید {jalali.show(control.latest or dt.date.max)} یا پیش از آن باشد."

    def validate(self) -> bool:
        """Check, and say what is wrong beside the field."""
        return self.refuse(self.wrong())

    def refuse(self, words: str) -> bool:
        """Show these words as the field's error; none is none. Returns whether there is none."""
        self.note.say(words)
        self._set_bad(bool(words))
        return not words

    def _set_bad(self, bad: bool) -> None:  # noqa: FBT001 - a state
        if isinstance(self.control, TextField | TextArea | Select):
            self.control.set_bad(bad)


def make_control(theme: Theme, field: Field, today: Callable[[], dt.date]) -> Control:
    """The control that belongs to a kind of field."""
    kind = field.kind
    if kind is Kind.DATE:
        control = DateField(theme, field.label, today, quick=field.quick)
        control.earliest = field.earliest() if field.earliest else None
        control.latest = field.latest() if field.latest else None
        return control
    if kind is Kind.SELECT:
        return Select(theme, field.label, field.options, placeholder=field.placeholder)
    if kind is Kind.PICKER:
        return Picker(theme, field.label, field.options)
    if kind is Kind.CHECK:
        return CheckBox(theme, field.label)
    if kind is Kind.SWITCH:
        return Switch(theme, field.label)
    if kind is Kind.SEGMENTS:
        return Segments(
            theme, field.label, [(option.code, option.title, option.detail) for option in field.options]
        )
    if kind is Kind.AREA:
        return TextArea(theme, field.label, placeholder=field.placeholder, lines=field.lines)
    if kind is Kind.PASSWORD:
        return TextField(theme, field.label, entry="password", placeholder=field.placeholder)
    if kind is Kind.MONEY:
        return TextField(theme, field.label, entry="money", placeholder=field.placeholder)
    if kind in {Kind.LATIN, Kind.EMAIL}:
        return TextField(theme, field.label, entry="latin", placeholder=field.placeholder)
    if kind in {Kind.NUMBER, Kind.CODE, Kind.MOBILE, Kind.NATIONAL_ID}:
        return TextField(theme, field.label, entry="number", placeholder=field.placeholder)
    return TextField(theme, field.label, placeholder=field.placeholder)

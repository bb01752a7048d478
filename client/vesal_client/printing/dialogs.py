"""Two sheets of the print queue: how serving ended, and whether a letter is a true one."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from vesal_client.kit.buttons import Button
from vesal_client.kit.dialogs import Sheet, Veil
from vesal_client.kit.fields import TextField
from vesal_client.kit.form.declared import Field, Kind
from vesal_client.kit.form.form import Form
from vesal_client.kit.labels import Label, Paragraph
from vesal_client.kit.options import Option
from vesal_client.look.theme import Theme
from vesal_shared import jalali, money
from vesal_shared.digits import code, persian_digits
from vesal_shared.labels import CHANNELS, LETTER_STATUSES
from vesal_shared.letter_seal import SealFacts
from vesal_shared.messages.letters import Letter, Outcome
from vesal_shared.problems import Refusal

#: A seal has some 250 digits; fewer are still being typed or scanned.
_WHOLE_SEAL: Final = 200
_BY_HAND: Final[tuple[Outcome, ...]] = ("served", "returned", "not_found")
_FILED: Final[tuple[Outcome, ...]] = ("filed",)
_BY_JUDICIARY: Final[tuple[Outcome, ...]] = ("served", "not_served")


def outcomes_of(letter: Letter) -> tuple[Outcome, ...]:
    """What may become of a letter from its state on; nothing where it has not been printed, or is settled.

    A declaration is filed first, and the judiciary serves it.
    """
    if letter.kind == "declaration":
        return {"printed": _FILED, "filed": _BY_JUDICIARY}.get(letter.status, ())
    return _BY_HAND if letter.status == "printed" else ()


class OutcomeSheet(QObject):
    """Ask how serving one or many letters ended, on which day, with what note."""

    answered = Signal(object)
    """A dict: outcome, on, note, tracking_code, scan (a file or None)."""

    def __init__(
        self,
        theme: Theme,
        over: QWidget,
        letters: Sequence[Letter],
        outcome: Outcome,
        today: Callable[[], dt.date],
        choose_scan: Callable[[Callable[[Path], None]], None],
    ) -> None:
        """`choose_scan` lets the user choose a file; one letter alone may have a scan."""
        super().__init__(over)
        self.scan: Path | None = None
        choices = outcomes_of(letters[0])
        issued = max(letter.day for letter in letters)
        fields = [
            Field(
                "outcome",
                "نتیجه",
                Kind.SEGMENTS,
                required=True,
                wide=True,
                options=[Option(each, LETTER_STATUSES[each]) for each in choices],
                initial=outcome if outcome in choices else choices[0],
            ),
            Field(
                "on",
                "تاریخ",
                Kind.DATE,
                required=True,
                initial=today(),
                earliest=lambda: issued,
                latest=today,
            ),
        ]
        if "filed" in choices:
            fields.append(Field("tracking_code", "کد رهگیری ثبت", Kind.CODE, required=True))
        fields.append(Field("note", "توضیح", Kind.AREA, wide=True, lines=2))
        count = len(letters)
        title = f"نتیجه نامه {code(letters[0].number)}" if count == 1 else f"نتیجه {money.show(count)} نامه"
        self.form = Form(theme, fields, today, columns=1)
        self._sheet = Sheet(theme, title, icon="check", tone="accent")
        self._sheet.body.addWidget(self.form)
        self._attach = Button(theme, "پیوست تصویر رسید", icon="clip", small=True)
        self._attach.clicked.connect(lambda: choose_scan(self._take_scan))
        self._attach.setVisible(count == 1)
        self._sheet.body.addWidget(self._attach)
        self._veil = Veil(theme, over, self._sheet)
        self._veil.dismissed.connect(self._go)
        self.save = self._sheet.add_button("ثبت نتیجه", "primary")
        self.save.clicked.connect(self.form.ask_save)
        self._sheet.add_button("لغو").clicked.connect(self._go)
        self.form.save_asked.connect(self._saved)
        self.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_scan(self, file: Path) -> None:
        self.scan = file
        self._attach.setText(f"پیوست: {file.name}" if len(file.name) < 40 else f"پیوست: …{file.name[-36:]}")
        self._attach.updateGeometry()

    def _saved(self) -> None:
        values = {**self.form.values(), "scan": self.scan}
        self._go()
        self.answered.emit(values)

    def _go(self) -> None:
        self._veil.lift()
        self.deleteLater()


class VerifySheet(QObject):
    """Ask for a QR code, scanned or typed, and say what the letter should say, or what is wrong with it."""

    gone = Signal()

    def __init__(self, theme: Theme, over: QWidget, verify: Callable[[str], SealFacts]) -> None:
        """`verify` raises Refusal for what is no true seal."""
        super().__init__(over)
        self._verify = verify
        self._sheet = Sheet(
            theme,
            "بررسی رمزینه",
            "رمزینه نامه را با دستگاه رمزینه‌خوان بخوانید، یا رقم‌های آن را بنویسید.",
            icon="qr",
            tone="accent",
        )
        self.field = TextField(theme, "رقم‌های رمزینه", entry="number")
        self.verdict = Label(theme, size=13, weight=600)
        self.facts = Paragraph(theme, "", size=13, colour="text", leading=24)
        self._sheet.body.addWidget(self.field)
        self._sheet.body.addWidget(self.verdict)
        self._sheet.body.addWidget(self.facts)
        self.verdict.hide()
        self.facts.hide()
        self._veil = Veil(theme, over, self._sheet)
        self._veil.dismissed.connect(self._go)
        self._sheet.add_button("بستن").clicked.connect(self._go)
        self.field.changed.connect(self._typed)
        self.field.entered.connect(self.check)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self) -> None:
        # A scanner that sends no Enter has typed all of it within a moment.
        if len(self.field.text()) >= _WHOLE_SEAL:
            self.check()
        else:
            self.verdict.hide()
            self.facts.hide()

    def check(self) -> None:
        """Judge what stands in the field."""
        try:
            facts = self._verify(self.field.text())
        except Refusal as refusal:
            self._say(refusal.title, "bad", "")
            return
        lines = (
            f"{CHANNELS[facts.kind]} شماره {code(facts.number)}، تاریخ {jalali.show(facts.date)}",
            f"مخاطب: {persian_digits(facts.addressee)}",
            f"تسهیلات: {code(facts.loan_no)}",
            f"مبلغ: {money.show(facts.amount)} ریال",
        )
        self._say("امضای بانک درست است. نامه باید چنین باشد:", "ok", "\n".join(lines))

    def _say(self, verdict: str, tone: str, facts: str) -> None:
        self.verdict.setText(verdict)
        self.verdict.restyle(colour=tone)
        self.verdict.show()
        self.facts.set_text(facts)
        self.facts.setVisible(bool(facts))

    def _go(self) -> None:
        self._veil.lift()
        self.gone.emit()
        self.deleteLater()

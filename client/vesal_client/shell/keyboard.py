"""Which language the keyboard writes: a password typed in the wrong one is the commonest reason for a refusal."""

from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication

PERSIAN_HINT = "صفحه‌کلید فارسی است؛ برای تغییر: Alt+Shift"


def is_persian() -> bool:
    """Whether the keyboard writes Persian or Arabic now."""
    language = QGuiApplication.inputMethod().locale().language()
    return language in {QLocale.Language.Persian, QLocale.Language.Arabic}


def typed_persian(text: str) -> bool:
    """Whether a text has letters that only a Persian keyboard writes."""
    return any("\u0600" <= char <= "\u06ff" and not char.isdigit() for char in text)

"""The print queue as a list: its columns, filters and chips, and its questions to the server."""

from typing import Final

from vesal_client.kit.filters.declared import Chosen, Filter, FilterKind, Value
from vesal_client.kit.table.columns import Badge, Column, Kind
from vesal_client.kit.table.feed import Question
from vesal_client.kit.table.states import Words
from vesal_client.look.tokens import Tone
from vesal_shared import labels, money
from vesal_shared.digits import code
from vesal_shared.messages.letters import Letter
from vesal_shared.messages.lists import Choice

_TONES: Final[dict[str, Tone]] = {
    "issued": "info",
    "printed": "neutral",
    "served": "ok",
    "filed": "ok",
    "returned": "warn",
    "not_found": "warn",
    "not_served": "warn",
    "void": "bad",
}
_KINDS: Final = ("introduction_letter", "warning", "declaration")

FILTERS: Final = (
    Filter(
        "status",
        "وضعیت",
        FilterKind.SOME_OF,
        choices=tuple(Choice(code=each, title=labels.LETTER_STATUSES[each]) for each in _TONES),
    ),
    Filter(
        "kind",
        "نوع",
        FilterKind.SOME_OF,
        choices=tuple(Choice(code=each, title=labels.CHANNELS[each]) for each in _KINDS),
    ),
    Filter("date", "تاریخ", FilterKind.DATES),
    Filter(
        "stage",
        "نوع اخطار",
        FilterKind.ONE_OF,
        choices=tuple(
            Choice(code=str(stage), title=f"اخطار {labels.ordinal(stage)}") for stage in range(1, 7)
        ),
        bar=False,
    ),
    Filter(
        "role",
        "گیرنده",
        FilterKind.ONE_OF,
        choices=tuple(Choice(code=each, title=title) for each, title in labels.ROLES.items()),
        bar=False,
    ),
)

NOTHING: Final = Words("نامه‌ای صادر نشده است", ("نامه‌ها با برنامه هر روز صادر می‌شوند.",), "printer")


def work_to_do() -> dict[str, Value]:
    """What the queue shows at first: letters that are to be printed, and printed ones that are to be served."""
    codes = ("issued", "printed")
    return {"status": Chosen(tuple(Choice(code=each, title=labels.LETTER_STATUSES[each]) for each in codes))}


def waiting_to_be_printed() -> Question:
    """The question whose total is the number of letters that nobody has printed yet."""
    return Question(filters=(("status", "issued"),))


def state_words(letter: Letter) -> str:
    """«صادر شد», «چاپ شد، ۲ بار», «ابلاغ شد»."""
    words = labels.LETTER_STATUSES[letter.status]
    if letter.status == "printed":
        return f"{words}، {money.show(max(1, letter.print_count))} بار"
    return words


def state_badge(letter: Letter) -> Badge:
    """The state as a chip."""
    return Badge(state_words(letter), _TONES[letter.status])


def branch_words(letter: Letter) -> str:
    """«اکباتان ۶۱۴۰»."""
    return f"{letter.branch_title} {code(letter.branch_code)}"


COLUMNS: Final = (
    Column("number", "شماره نامه", Kind.CODE, link=True, sample="۱۴۰۵/۶۱۴۰/۰۰۰۱۳۱"),
    Column("kind", "نوع", Kind.NAME, value=lambda letter: letter.title, sample="اخطار دوم (ضامن)"),
    Column("addressee", "مخاطب", Kind.TEXT, sample="محمدرضا حسینی‌پور"),
    Column("day", "تاریخ", Kind.DATE),
    Column("status", "وضعیت", Kind.CHIP, badge=state_badge, sample="چاپ شد، ۱۲ بار"),
    Column("loan_no", "شماره تسهیلات", Kind.CODE, shown=False),
    Column("branch_code", "شعبه", Kind.TEXT, shown=False, value=branch_words),
    Column("customer_no", "شماره مشتری", Kind.CODE, shown=False, sortable=False, sample="۰۰۰۰۰۰۰۰۰۰"),
    Column("printed_at", "زمان چاپ", Kind.INSTANT, shown=False, sortable=False),
    Column("outcome_on", "تاریخ نتیجه", Kind.DATE, shown=False, sortable=False),
)

"""The text taken out of a letter's PDF is the letter's text, whatever takes it out."""

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client.letters import samples
from tests.client.letters.readers import READERS, contains, words
from vesal_client.letters import Renderer
from vesal_client.letters.words import clean
from vesal_shared import jalali, money
from vesal_shared.letter_content import LetterContent


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def texts(content: LetterContent) -> list[str]:
    """Every text of the flow, as it is read."""
    person, debt = content.addressee, content.debt
    found = [
        f"{person.gender_title} {person.name}",
        f"نشانی: {person.address}",
        f"موضوع: {content.subject}",
        content.salutation,
        *content.paragraphs,
        debt.loan_no,
        money.show(debt.overdue_amount),
        f"شماره: {content.number}",
        jalali.show(content.date),
        content.branch.head_name,
        content.branch.head_post,
        *content.cc,
    ]
    return [clean(text) for text in found]


FLOWING = [
    name for name in samples.ALL if "declaration" not in name and "window" not in name and "two" not in name
]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", FLOWING)
def test_words_come_out_as_they_were_written(renderer: Renderer, name: str, reader: str) -> None:
    content = samples.ALL[name]()
    found = words(READERS[reader](renderer.letter(content)))
    missing = [text for text in texts(content) if not contains(found, text.split())]
    # poppler reads the letterhead in columns, label and value apart.
    if reader == "poppler":
        missing = [text for text in missing if not text.startswith("شماره:")]
    assert missing == []


@pytest.mark.parametrize("reader", ["mupdf", "pdfium"])
def test_all_words_stand_in_the_order_of_reading(renderer: Renderer, reader: str) -> None:
    content = samples.first_warning()
    found = words(READERS[reader](renderer.letter(content)))
    at = 0
    for text in texts(content)[:4] + [clean(p) for p in content.paragraphs[1:]]:
        wanted = text.split()
        at = next(i for i in range(at, len(found)) if found[i : i + len(wanted)] == wanted) + len(wanted)


PIECES = st.sampled_from(
    [
        "به",
        "از",
        "که",
        "است",
        "می\u200cرساند",
        "تسهیلات",
        "گفت\u200cوگو",
        "لا",
        "الله",
        "لطفاً",
        "تأدیه",
        "اعتبارسنجی",
        "پلاک",
        "ماده",
        "قسط",
        "روز",
        "ریال",
        "شعبه",
        "و",
        "نمونه\u200cپور",
        "۳",
        "۱۵",
        "۶۳۷",
        "۱۴۰۵/۰۹/۰۳",
        "۸۳۲۹-۳۰۷-۱۴۰۱۶۵۹-۱",
        "۱۸۴٬۵۰۰٬۰۰۰",
        "۰۲۱-۰۰۰۰۱۴۰۵",
        "مسئولیت",
        "آن\u200cها",
        "جزء",
    ]
)
SENTENCES = st.lists(
    st.tuples(PIECES, st.sampled_from(["", "", "", "،", ".", "؛", ":"])), min_size=2, max_size=40
)
RENDERER = Renderer()


@settings(max_examples=40, deadline=None)
@given(SENTENCES)
def test_any_persian_text_comes_out_word_by_word(pieces: list[tuple[str, str]]) -> None:
    line = " ".join(f"{word}{mark}" for word, mark in pieces)
    content = msgspec.structs.replace(samples.introduction(), paragraphs=("آغاز.", line, "پایان نامه."))
    pdf = RENDERER.letter(content)
    for name, reader in READERS.items():
        assert contains(words(reader(pdf)), line.split()), name


HARD = [
    "فضل الله لا لا روح‌الله",
    "لطفاً ضمناً متعاقباً",
    "به لطفاً، نهایتاً.",
    "پلاک ۸، طبقه ۲، واحد ۱۴، کد ۶۱۴۰.",
    "شرکت Tavan Pars Co و شرکای آن",
    "نشانی vesal@example.ir است",
    "گفت‌وگو بی‌سابقه‌ای نمونه‌ها",
    "شماره ۸۳۲۹-۳۰۷-۱۴۰۱۶۵۹-۱ تاریخ ۱۴۰۵/۰۹/۰۳، مبلغ ۱۸۴٬۵۰۰٬۰۰۰ ریال؛ ۱۲٫۵ درصد",
    "تلفن: ۰۲۱-۰۰۰۰۱۴۰۵",
]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("line", HARD)
def test_hard_words(renderer: Renderer, line: str, reader: str) -> None:
    content = msgspec.structs.replace(samples.introduction(), paragraphs=(line, "پایان نامه."))
    found = words(READERS[reader](renderer.letter(content)))
    if reader == "pdfium" and re.search("[A-Za-z]", line):
        # PDFium puts the words of a Latin phrase in a Persian line in the order of the eye; no file can help that.
        assert sorted(re.split(r"[\W]+", line)) == sorted(
            w for w in re.split(r"[\W]+", line) if w in " ".join(found)
        )
    else:
        assert contains(found, line.split()), found

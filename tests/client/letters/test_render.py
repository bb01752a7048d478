"""Letters as files: the same bytes, whole fonts, as many pages as the rules say, nothing outside the paper."""

import base64
import io
import itertools

import msgspec
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.client.letters import samples
from tests.client.letters.readers import mupdf, page_count, pdfium, words
from vesal_client.letters import Renderer
from vesal_client.letters.words import clean
from vesal_shared import money
from vesal_shared.letter_content import Addressee, LetterContent
from vesal_shared.problems import Refusal


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def png(width: int = 60, height: int = 40, mode: str = "RGBA") -> str:
    out = io.BytesIO()
    Image.new(mode, (width, height), "#0B4F5C").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def with_logo(logo: str) -> LetterContent:
    return msgspec.structs.replace(
        samples.introduction(), bank=msgspec.structs.replace(samples.BANK, logo=logo)
    )


@pytest.mark.parametrize("name", samples.ALL)
def test_the_same_content_gives_the_same_bytes(renderer: Renderer, name: str) -> None:
    content = samples.ALL[name]()
    first = renderer.letter(content)
    # Other letters, with glyphs beyond the base, come in between; a fresh renderer knows none of them.
    renderer.letter(msgspec.structs.replace(samples.window(), subject="Ω Tavan 漢 لطفاً"))
    assert renderer.letter(content) == first
    assert Renderer().letter(content) == first


@pytest.mark.parametrize("name", samples.ALL)
def test_pages_are_as_many_as_in_the_pictures(renderer: Renderer, name: str) -> None:
    assert page_count(renderer.letter(samples.ALL[name]())) == (2 if "two" in name else 1)


def test_a_guarantors_letter_tells_nothing_more_of_the_borrower(renderer: Renderer) -> None:
    content = samples.guarantor_warning()
    found = words(mupdf(renderer.letter(content)))
    assert "اقساط" not in found
    assert "وام‌گیرنده" in found


def test_many_letters_are_one_file_in_their_order(renderer: Renderer) -> None:
    contents = [samples.introduction(), samples.two_pages(), samples.declaration(), samples.window()]
    out = io.BytesIO()
    told: list[int] = []
    assert renderer.many(contents, out, progress=told.append) == 4
    assert told == [1, 2, 3, 4]
    assert page_count(out.getvalue()) == 5
    text = clean(pdfium(out.getvalue()))
    at = [text.index(clean(content.number)) for content in contents]
    assert at == sorted(at)


def test_each_letter_of_one_file_counts_its_own_pages(renderer: Renderer) -> None:
    out = io.BytesIO()
    renderer.many([samples.two_pages(), samples.two_pages()], out)
    document = pypdfium2.PdfDocument(out.getvalue())
    texts = [" ".join(words(page.get_textpage().get_text_range())) for page in document]
    assert [
        text.endswith(end) for text, end in zip(texts, ["صفحه ۱ از ۲", "صفحه ۲ از ۲"] * 2, strict=True)
    ] == [True] * 4
    assert ["ادامه در صفحه بعد" in text for text in texts] == [True, False, True, False]


def test_cancelling_stops_at_the_next_letter(renderer: Renderer) -> None:
    told: list[int] = []
    done = renderer.many(
        [samples.introduction()] * 10, io.BytesIO(), progress=told.append, cancelled=lambda: len(told) >= 3
    )
    assert done == 0
    assert told == [1, 2, 3]


class Counting(io.BytesIO):
    """Counts what is written and keeps nothing."""

    size = 0

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.size += len(bytes(data))
        return len(bytes(data))


def test_pages_leave_while_the_file_is_written(renderer: Renderer) -> None:
    out = Counting()
    sizes: list[int] = []
    renderer.many([samples.first_warning()] * 5, out, progress=lambda _: sizes.append(out.size))
    assert all(later - earlier > 2000 for earlier, later in itertools.pairwise(sizes))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_a_logo_is_drawn(renderer: Renderer, mode: str) -> None:
    pdf = renderer.letter(with_logo(png(mode=mode)))
    page = pypdfium2.PdfDocument(pdf)[0]
    image = page.render(scale=2).to_pil().convert("RGB")
    # The middle of 17 x 17 mm at x 168, y 11.
    assert image.getpixel((round(176.5 * 72 / 25.4 * 2), round(19.5 * 72 / 25.4 * 2))) == (
        (60, 60, 60) if mode == "L" else (11, 79, 92)
    )


@pytest.mark.parametrize("data", [b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n" + b"0" * 50])
def test_a_logo_that_is_no_picture_is_refused(renderer: Renderer, data: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        renderer.letter(with_logo(base64.b64encode(data).decode()))
    assert caught.value.code == "letter_logo_unreadable"


def boxes(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """The boxes of all glyphs with ink, in points from the lower left corner."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            if right > left and top > bottom:
                found.append((left, bottom, right, top))
    return found


def inside_paper(pdf: bytes) -> bool:
    return all(
        left >= 10 and bottom >= 10 and right <= 585.5 and top <= 832
        for left, bottom, right, top in boxes(pdf)
    )


LONG_NAME = "شرکت سهامی خاص توسعه و تجارت بین‌المللی نمونه‌گستران فرضی آریا پارس ایرانیان خاورمیانه " * 3
LONG_ADDRESS = (
    "استان نمونه، شهرستان فرضی، خیابان شهید مثال، کوچه هفدهم غربی، پلاک ۱۲۳، طبقه سوم، واحد ۹، " * 8
)


@pytest.mark.parametrize("window", [False, True])
@pytest.mark.parametrize("kind", ["warning", "declaration"])
def test_long_names_addresses_and_amounts_stay_on_the_paper(
    renderer: Renderer, kind: str, window: bool
) -> None:
    amount = 987_654_321_987_654
    base = samples.declaration() if kind == "declaration" else samples.guarantor_warning()
    person = msgspec.structs.replace(base.addressee, name=LONG_NAME.strip(), address=LONG_ADDRESS.strip())
    debt = msgspec.structs.replace(
        base.debt,
        loan_no="1" * 40,
        overdue_amount=amount,
        amount_in_words=money.rial_in_words(amount),
        borrower_name=LONG_NAME.strip() if kind == "warning" else "",
    )
    content = msgspec.structs.replace(base, addressee=person, debt=debt, window_envelope=window)
    pdf = renderer.letter(content)
    assert inside_paper(pdf)
    if not window and kind == "warning":
        found = words(mupdf(pdf))
        wanted = clean(LONG_ADDRESS).split()
        assert any(found[i : i + len(wanted)] == wanted for i in range(len(found)))


def test_nothing_but_the_address_stands_where_a_window_may_be(renderer: Renderer) -> None:
    content = samples.window()
    page = pypdfium2.PdfDocument(renderer.letter(content))[0]
    mm = 72 / 25.4
    seen = page.get_textpage().get_text_bounded(10 * mm, (297 - 95) * mm, 110 * mm, (297 - 45) * mm)
    person = content.addressee
    text = f"{person.gender_title} {person.name} {person.address} کد پستی: {person.postal_code}"
    assert words(seen) == clean(text).split()


def test_a_person_without_an_address_gets_a_letter(renderer: Renderer) -> None:
    for window in (False, True):
        content = msgspec.structs.replace(
            samples.introduction(),
            addressee=Addressee(role="borrower", name="رضا نمونه‌پور"),
            window_envelope=window,
        )
        assert "رضا" in words(mupdf(renderer.letter(content)))


def test_a_long_text_goes_over_several_pages_with_its_closing_whole(renderer: Renderer) -> None:
    base = samples.first_warning()
    for count in range(1, 12):
        content = msgspec.structs.replace(
            base, paragraphs=(*base.paragraphs, *[samples.ELSE_BORROWER] * count)
        )
        pdf = renderer.letter(content)
        document = pypdfium2.PdfDocument(pdf)
        last = words(document[len(document) - 1].get_textpage().get_text_range())
        assert {"رونوشت:", "رسید"} <= set(last)
        assert "فرضی‌نژاد" in last
        assert inside_paper(pdf)


TEXTS = st.text(
    st.one_of(
        st.sampled_from("ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآئ ‌ًُِّ۰۱۲۳۴۵۶۷۸۹0123456789،؛.:()«»-/"),
        st.characters(codec="utf-8"),
    ),
    max_size=300,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    TEXTS, TEXTS, TEXTS, st.lists(TEXTS, min_size=1, max_size=4), st.integers(0, 10**18 - 1), st.booleans()
)
def test_any_text_is_drawn_on_the_paper(
    name: str, address: str, subject: str, paragraphs: list[str], amount: int, window: bool
) -> None:
    base = samples.guarantor_warning()
    content = msgspec.structs.replace(
        base,
        addressee=msgspec.structs.replace(base.addressee, name=name, address=address),
        bank=msgspec.structs.replace(base.bank, name=name),
        branch=msgspec.structs.replace(base.branch, title=subject, address=address, head_name=name),
        debt=msgspec.structs.replace(base.debt, overdue_amount=amount, borrower_name=name, loan_no=subject),
        subject=subject,
        paragraphs=tuple(paragraphs),
        cc=(subject,),
        window_envelope=window,
    )
    first = FUZZED.letter(content)
    assert first == FUZZED.letter(content)
    assert inside_paper(first)
    assert FUZZED.letter(msgspec.structs.replace(content, kind="declaration")).startswith(b"%PDF-1.7")


FUZZED = Renderer()

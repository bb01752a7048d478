"""What officers do with the print queue, against letters in memory."""

import datetime as dt
import uuid

import msgspec
import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.client.letters import samples
from tests.client.letters.readers import page_count
from tests.client.printing.conftest import World
from tests.client.printing.queue_world import NOW, letter
from vesal_client.kit.buttons import Button
from vesal_client.kit.dialogs import Veil
from vesal_client.printing.dialogs import OutcomeSheet, VerifySheet, outcomes_of
from vesal_client.printing.queue_list import state_words
from vesal_shared.messages.letters import PrintMark


def tick(world: World, *ids: int) -> None:
    feed = world.page.table.feed
    rows = [feed.row(at) for each in ids if (at := feed.find(each)) is not None]
    world.page.table.selection.put([row for row in rows if row is not None], ticked=True)


def dialog_buttons(world: World) -> dict[str, Button]:
    (veil,) = [veil for veil in world.page.window().findChildren(Veil) if veil.isVisible()]
    return {button.text(): button for button in veil.findChildren(Button)}


def press(world: World, button: Button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_begins_with_what_is_to_be_done(world: World) -> None:
    shown = [world.page.table.feed.row(i) for i in range(world.page.table.feed.total)]
    assert {row.record.status for row in shown if row is not None} == {"issued", "printed"}
    assert world.page.head.state.accessibleName() == "۶ آماده چاپ"


def test_the_preview_follows_the_row_with_the_pdfs_own_pages(world: World) -> None:
    world.page.table.view.go_to(0)
    world.settle()
    world.qtbot.waitUntil(lambda: world.page.preview.preview.page_count == 1)
    assert "۰۰۰۱۳۱" in world.page.preview.number.text()
    first = world.page.preview.preview.grab().toImage()
    world.page.preview.stepped.emit(1)
    world.settle()
    assert "۰۰۰۱۳۰" in world.page.preview.number.text()
    world.settle()
    assert world.page.preview.preview.grab().toImage() != first
    # Going back draws nothing anew.
    world.page.table.view.step(-1)
    world.settle()
    assert world.letters.asked.count([1]) == 1


def test_zooming_and_closing(world: World) -> None:
    world.page.table.view.go_to(0)
    world.settle()
    preview = world.page.preview.preview
    fitted = preview.zoom
    preview.zoom_in()
    assert preview.zoom == pytest.approx(fitted * 1.1)
    preview.set_zoom(None)
    assert preview.zoom == pytest.approx(fitted)
    world.page.open_preview(is_open=False)
    assert not world.page.preview_open


def test_printing_marks_each_letter_once(world: World) -> None:
    tick(world, 1, 2, 3)
    assert world.page.print_button.text() == "چاپ ۳ نامه"
    press(world, world.page.print_button)
    world.settle()
    assert page_count(world.chosen.printed.read_bytes()) == 3
    assert [world.letters.letters[each].status for each in (1, 2, 3, 4)] == ["printed"] * 3 + ["issued"]
    assert world.said[-1] == "۳ نامه چاپ شد"
    assert world.page.print_button.text() == "چاپ نامه"


def test_printing_again_asks_with_the_counts(world: World) -> None:
    tick(world, 1, 7, 8)
    press(world, world.page.print_button)
    buttons = dialog_buttons(world)
    assert set(buttons) == {"چاپ هر ۳ نامه", "فقط ۱ نامه چاپ‌نشده", "لغو"}
    assert not world.chosen.printed.exists()
    press(world, buttons["فقط ۱ نامه چاپ‌نشده"])
    world.settle()
    assert page_count(world.chosen.printed.read_bytes()) == 1
    assert world.letters.letters[8].print_count == 2


def test_void_letters_are_not_printed_and_told(world: World) -> None:
    world.page.print_letters([letter(11)])
    assert "باطل" in world.page.banner.text()
    assert not world.chosen.printed.exists()
    world.page.print_letters([letter(11), letter(0)])
    world.settle()
    assert page_count(world.chosen.printed.read_bytes()) == 1


def test_a_letter_that_became_void_while_it_was_printed_is_told(world: World) -> None:
    world.letters.letters[1] = msgspec.structs.replace(world.letters.letters[1], status="void")
    world.page.print_letters([letter(0)])
    world.settle()
    assert "باطل شده است" in world.page.banner.text()


def test_marks_wait_while_the_server_is_away(world: World) -> None:
    mark = PrintMark(reference=uuid.uuid4(), letter_id=2, printed_at=NOW)
    world.letters.unreachable = True
    world.page.marks.send([mark])
    world.settle()
    assert world.page.marks.waiting == 1
    assert "هنوز در سرور ثبت نشده" in world.page.banner.text()
    world.letters.unreachable = False
    world.page.banner.link_pressed.emit()
    world.settle()
    assert world.page.marks.waiting == 0
    assert world.letters.letters[2].print_count == 1


def test_saving_one(world: World) -> None:
    world.page.save([letter(0)])
    world.settle()
    path = world.chosen.folder_path / "1405-6140-000131.pdf"
    assert page_count(path.read_bytes()) == 1
    assert world.said[-1] == "۱ نامه ذخیره شد"


@pytest.mark.parametrize(("button", "files"), [("یک فایل", 1), ("هر نامه یک فایل", 4)])
def test_saving_many(world: World, button: str, files: int) -> None:
    world.page.save([letter(each) for each in range(4)])
    press(world, dialog_buttons(world)[button])
    world.settle()
    made = sorted(world.chosen.folder_path.glob("*.pdf"))
    assert len(made) == files
    assert sum(page_count(path.read_bytes()) for path in made) == 4


def test_all_filtered_are_saved_without_looking_at_them(world: World) -> None:
    world.page.table.selection.take_everything()
    world.page.save_button.click()
    world.settle()
    press(world, dialog_buttons(world)["هر نامه یک فایل"])
    world.settle()
    assert len(list(world.chosen.folder_path.glob("*.pdf"))) == world.page.table.feed.total


def test_serving_is_marked_with_day_and_note(world: World) -> None:
    world.page.settle([letter(6), letter(7)], "served")
    sheet = world.page.window().findChild(OutcomeSheet)
    assert sheet is not None
    sheet.form.fill({"outcome": "returned", "on": dt.date(2026, 11, 24), "note": "نشانی نادرست"})
    sheet.form.ask_save()
    world.settle()
    assert [world.letters.letters[each].status for each in (7, 8)] == ["returned", "returned"]
    assert world.letters.letters[7].outcome_note == "نشانی نادرست"
    assert world.said[-1] == "۲ نامه: برگشت خورد"


def test_a_scan_of_the_receipt_goes_with_it(world: World) -> None:
    (world.chosen.folder_path / "receipt.png").write_bytes(b"picture")
    world.page.settle([letter(6)], "served")
    press(world, dialog_buttons(world)["پیوست تصویر رسید"])
    sheet = world.page.window().findChild(OutcomeSheet)
    assert sheet is not None
    sheet.form.ask_save()
    world.settle()
    assert world.letters.scans == [b"picture"]
    assert world.letters.letters[7].scan_id == 1


def test_a_scan_that_is_gone_is_told_and_nothing_is_marked(world: World) -> None:
    world.page.settle([letter(6)], "served")
    press(world, dialog_buttons(world)["پیوست تصویر رسید"])
    sheet = world.page.window().findChild(OutcomeSheet)
    assert sheet is not None
    sheet.form.ask_save()
    world.settle()
    assert "receipt.png" in world.page.banner.text()
    assert world.letters.letters[7].status == "printed"


def test_what_was_not_printed_cannot_be_served(world: World) -> None:
    world.page.settle([letter(0)], "served")
    assert "هنوز چاپ نشده است" in world.said[-1]
    assert world.page.window().findChild(OutcomeSheet) is None


def test_a_declaration_is_filed_first_and_then_served() -> None:
    declaration = msgspec.structs.replace(letter(3), status="printed")
    assert outcomes_of(declaration) == ("filed",)
    assert outcomes_of(msgspec.structs.replace(declaration, status="filed")) == ("served", "not_served")
    assert outcomes_of(msgspec.structs.replace(declaration, status="served")) == ()
    assert outcomes_of(letter(6)) == ("served", "returned", "not_found")
    assert outcomes_of(letter(0)) == outcomes_of(letter(11)) == ()


def test_a_code_is_judged_here(world: World) -> None:
    world.page.verify()
    world.qtbot.waitUntil(lambda: world.page.window().findChild(VerifySheet) is not None)
    sheet = world.page.window().findChild(VerifySheet)
    assert sheet is not None
    seal = samples.first_warning().seal
    assert seal is not None
    world.letters.unreachable = True
    sheet.field.set_text(seal.text)
    sheet.check()
    assert "درست است" in sheet.verdict.text()
    assert "مریم مثالیان" in sheet.facts.text()
    sheet.field.set_text(seal.text[:-1] + str((int(seal.text[-1]) + 1) % 10))
    sheet.check()
    assert "جعلی" in sheet.verdict.text()


def test_a_server_that_is_away_is_told_in_words(world: World) -> None:
    world.letters.unreachable = True
    world.page.save([letter(5)])
    world.settle()
    assert world.page.banner.text()
    assert not list(world.chosen.folder_path.glob("*.pdf"))


def test_a_job_can_be_stopped(world: World) -> None:
    world.page.save([letter(each) for each in range(13)])
    press(world, dialog_buttons(world)["یک فایل"])
    world.page.progress.stopped.emit()
    world.settle()
    assert world.said[-1] == "ذخیره نشد"
    assert not list(world.chosen.folder_path.glob("*.pdf"))


def test_words() -> None:
    assert state_words(letter(0)) == "صادر شد"
    assert state_words(letter(7)) == "چاپ شد، ۲ بار"


def test_printed_pages_are_those_of_the_pdf(world: World) -> None:
    world.page.print_letters([letter(0)])
    world.settle()
    printed = pypdfium2.PdfDocument(world.chosen.printed.read_bytes())
    assert printed.get_page_size(0) == pytest.approx((595, 842), abs=1.5)

"""Pages as pictures, and on a printer that writes a file."""

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtGui import QColor
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from tests.client.letters import samples
from vesal_client.letters import render_letter
from vesal_client.printing.pdf_pages import PdfEngine
from vesal_client.printing.printer import PrinterTrouble, PrintRun


def printer_to(path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(150)
    return printer


def test_a_page_is_the_pdfs_own_picture(qtbot: QtBot) -> None:
    pdf = render_letter(samples.two_pages())
    pages = PdfEngine().open(pdf)
    assert len(pages) == 2
    assert pages.size(0).toTuple() == pytest.approx((595.28, 841.89), abs=0.02)
    image = pages.draw(0, 150 / 72)
    assert image.size().toTuple() == (1241, 1754)
    assert image.pixelColor(5, 5) == QColor("white")
    expected = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil().convert("RGB")
    # The rule under the letterhead has the brand's colour, not its mirror image.
    there = expected.getpixel((620, 195))
    assert isinstance(there, tuple)
    here = image.pixelColor(620, 195)
    assert (here.red(), here.green(), here.blue()) == there
    assert here.red() < here.blue() < 200


def test_what_is_no_pdf_is_told() -> None:
    with pytest.raises(ValueError, match="no PDF"):
        PdfEngine().open(b"%PDF-1.7 nothing")


def test_letters_go_to_the_printer_page_by_page_in_their_size(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "printed.pdf"
    run = PrintRun(PdfEngine(), printer_to(path))
    letter = render_letter(samples.introduction())
    assert run.add(letter) == 1
    assert run.add(render_letter(samples.two_pages())) == 2
    run.end()
    printed = pypdfium2.PdfDocument(path.read_bytes())
    assert len(printed) == 3
    assert printed.get_page_size(0) == pytest.approx((595, 842), abs=1)
    ours = pypdfium2.PdfDocument(letter)[0].render(scale=1).to_pil().convert("L")
    theirs = printed[0].render(scale=1).to_pil().convert("L").resize(ours.size)
    # Millimetres stay millimetres: the rule at y 33 mm is where it was, and so is the foot's.
    for y in (33.0, 277.9):
        row = round(y * 72 / 25.4)
        dark = [min(image.getpixel((300, at)) for at in range(row - 2, row + 3)) for image in (ours, theirs)]
        assert max(dark) < 235


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_takes_nothing_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(PrinterTrouble):
        PrintRun(PdfEngine(), printer_to(tmp_path / "none" / "printed.pdf"))

"""Excel: right to left, numbers as numbers, and never a formula."""

from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from vesal_server.kit.export import Column, write_xlsx

COLUMNS = (
    Column("متن", "text", lambda row: row[0]),
    Column("مبلغ", "money", lambda row: row[1]),
    Column("تاریخ", "date", lambda row: row[2]),
    Column("زمان", "instant", lambda row: row[3]),
)


def test_cells_are_what_they_mean(tmp_path: Path) -> None:
    row = ("=1+1", 10**15, date(2026, 11, 24), datetime(2026, 11, 24, 20, 45, tzinfo=UTC))
    assert write_xlsx(tmp_path / "a.xlsx", "گزارش [۱]", COLUMNS, [row, ("", None, None, None)]) == 2
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert sheet.sheet_view.rightToLeft
    assert [cell.value for cell in sheet[1]] == ["متن", "مبلغ", "تاریخ", "زمان"]
    assert [cell.value for cell in sheet[2]] == ["=1+1", 10**15, "1405/09/03", "1405/09/04 00:15"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "s", "s"]


@settings(deadline=None)
@given(st.text(max_size=50))
def test_any_text_makes_a_readable_file(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write_xlsx(path, text, COLUMNS[:1], [(text,)])
        sheet = load_workbook(path).active
        assert sheet is not None
        assert sheet.cell(2, 1).data_type in {"s", "n", "inlineStr"}
        assert sheet.cell(2, 1).data_type != "f"

"""گزارش دریافت اطلاعات against the real service, the upload of a feed included."""

import datetime as dt
import io
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from tests.client.pages.conftest import MINE, OTHERS, Desk, feed
from tests.conftest import Service
from tests.worlds import Feed
from vesal_client.kit.reception.upload import pack
from vesal_client.pages.data_reception import DataReceptionPage, build
from vesal_client.work.progress import Progress
from vesal_shared.problems import Refusal


@pytest.fixture
def page(chief: Desk) -> DataReceptionPage:
    return cast("DataReceptionPage", chief.open(build))


def test_a_row_a_date_with_its_state_and_counts(page: DataReceptionPage, bank: Service) -> None:
    row = page.list.table.model.row(0)
    assert row is not None
    assert row.record.as_of == bank.clock.today()
    assert row.record.status == "taken"
    assert row.badges[1] is not None
    assert row.badges[1].text == "دریافت شد"
    assert row.record.set_aside == 1


def test_the_panel_shows_tries_and_what_was_set_aside(page: DataReceptionPage, chief: Desk) -> None:
    page.open(page.list.table.model.row(0).record)  # type: ignore[union-attr]
    chief.settle()
    assert page.panel.counts._cells[1][0].text() == "۲۵۰"
    assert page.panel.excel.isVisible()
    moments = page.panel.rows._moments
    assert len(moments) == 1
    assert moments[0].title.startswith("تسهیلات، سطر ۲۵۲")
    assert "۹۹۹۹" in moments[0].details


def test_rows_set_aside_go_to_excel(page: DataReceptionPage, chief: Desk, tmp_path: Path) -> None:
    page.open(page.list.table.model.row(0).record)  # type: ignore[union-attr]
    chief.settle()
    arrival = page.panel._arrival
    target = tmp_path / "set-aside.xlsx"
    page._excel.save_to(
        target, lambda into, tell, stop: page._wire.set_aside_excel(arrival, into, tell, stop)
    )
    chief.settle()
    sheet = openpyxl.load_workbook(io.BytesIO(target.read_bytes())).active
    assert sheet is not None
    assert sheet.max_row == 2


def test_a_folder_is_packed_sent_and_taken_in(
    page: DataReceptionPage, chief: Desk, bank: Service, tmp_path: Path
) -> None:
    changed: list[frozenset[str]] = []
    chief.context.changes.happened.connect(changed.append)
    page.send(feed(bank.clock.today()).folder(tmp_path / "again"))
    assert page.upload.busy
    assert page.progress.isVisible()
    chief.settle()
    assert not page.progress.isVisible()
    assert chief.window.said == ["بدون تغییر"]
    assert page.drawer.is_open
    assert "feeds" in changed[0]
    row = page.list.table.model.row(0)
    assert row is not None
    assert row.record.tries >= 2


def test_a_truncated_feed_is_refused_and_may_be_taken_on_a_second_word(
    page: DataReceptionPage, chief: Desk, bank: Service, tmp_path: Path
) -> None:
    whole = feed(bank.clock.today())
    few = Feed(whole.as_of, whole.customers, whole.facilities[:20], [])
    path = few.zip(tmp_path / "few.zip")
    page.send(path)
    chief.settle()
    assert chief.window.said == ["رد شد"]
    dialogs = [each for each in page.children() if type(each).__name__ == "Question"]
    assert len(dialogs) == 1
    page._answered(path, "")
    assert not page._sending.under_way


def test_a_folder_that_lacks_a_file_is_not_sent(
    page: DataReceptionPage, chief: Desk, bank: Service, tmp_path: Path
) -> None:
    folder = feed(bank.clock.today()).folder(tmp_path / "lacks")
    (folder / "guarantors.csv").unlink()
    page.send(folder)
    chief.settle()
    assert len(chief.window.said) == 1
    assert "guarantors.csv" in chief.window.said[0]
    assert not page.upload.busy


def test_a_folder_is_packed_with_the_feeds_own_files_alone(
    bank: Service, tmp_path: Path, qtbot: QtBot
) -> None:
    import zipfile

    folder = feed(dt.date(2026, 11, 20)).folder(tmp_path / "feed")
    (folder / "private.txt").write_text("x", encoding="utf-8")
    pack(folder, tmp_path / "feed.zip", Progress())
    with zipfile.ZipFile(tmp_path / "feed.zip") as packed:
        assert sorted(packed.namelist()) == [
            "customers.csv", "facilities.csv", "guarantors.csv", "manifest.json",
        ]  # fmt: skip
    (folder / "manifest.json").unlink()
    with pytest.raises(Refusal):
        pack(folder, tmp_path / "again.zip", Progress())


def test_counts_of_the_whole_bank_stand_in_the_list(page: DataReceptionPage) -> None:
    row = page.list.table.model.row(0)
    assert row is not None
    assert row.record.facilities.rows == MINE + OTHERS + 1

"""What a feed may look like, and for what it is refused whole."""

import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.feeds import FeedRows, control, customer, facility, manifest, pair, write_feed
from tests.server.intake.world import World, day, lines, set_setting

Files = dict[str, bytes]


def rows(as_of: date, count: int = 3) -> FeedRows:
    made = FeedRows(as_of)
    for number in range(count):
        made.customers.append(customer(str(101 + number)))
        made.facilities.append(
            facility(f"L{number + 1}", str(101 + number), overdue_amount=f"{number + 1}00")
        )
    made.guarantors.append(pair("L1", "102"))
    return made


def refused(bank: World, path: Path, code: str, *, force: bool = False) -> str:
    """Take a feed that must be refused and change nothing; returns the Persian reason."""
    before = bank.dump()
    result = bank.take(path, force=force)
    assert result.status == "refused"
    assert bank.dump() == before
    zero = [getattr(result, name) for name in ("customers", "facilities", "guarantors")]
    assert all((one.new, one.changed, one.unchanged, one.rejected) == (0, 0, 0, 0) for one in zero)
    assert (result.cured, result.rejected) == (0, [])
    told = bank.rows(
        "SELECT status, reason_code, reason, as_of FROM feed_arrival WHERE id = :id", id=result.id
    )
    assert told == [("refused", code, result.reason, result.as_of)]
    assert result.reason
    return result.reason


def test_folder(bank: World) -> None:
    assert bank.take(rows(day(0)).write(bank.path())).status == "taken"


def test_files_in_one_folder_of_the_folder(bank: World) -> None:
    outer = bank.path()
    rows(day(0)).write(outer / "inner")
    assert bank.take(outer).status == "taken"


@pytest.mark.parametrize("inside", ["", "1405-09-03"])
def test_zip(bank: World, inside: str) -> None:
    path = rows(day(0)).zip_to(bank.folder / "feed.zip", inside)
    result = bank.take(path)
    assert (result.status, result.facilities.new) == ("taken", 3)


def test_zip_and_folder_give_the_same(bank: World) -> None:
    bank.take(rows(day(0)).write(bank.path()))
    assert bank.take(rows(day(0)).zip_to(bank.folder / "feed.zip")).status == "unchanged"


def test_byte_order_marks_column_order_unknown_columns_and_line_ends(bank: World) -> None:
    files = rows(day(0)).files()
    table = [line.split(",") for line in files["facilities.csv"].decode().splitlines()]
    turned = [[*reversed(row), "x" if place else "note"] for place, row in enumerate(table)]
    files["facilities.csv"] = ("\ufeff" + "\r\n".join(",".join(row) for row in turned)).encode()
    files["customers.csv"] = b"\xef\xbb\xbf" + files["customers.csv"]
    path = write_feed(bank.path(), day(0), files)
    (path / "manifest.json").write_bytes(b"\xef\xbb\xbf" + manifest(day(0), files))
    result = bank.take(path)
    assert (result.status, result.facilities.new) == ("taken", 3)
    assert bank.facility("overdue_amount, branch_code") == (100, "6140")
    (notes,) = bank.rows("SELECT notes::text FROM feed_arrival WHERE id = :id", id=result.id)[0]
    assert "note" in notes


def test_quotes_newlines_inside_fields_and_empty_lines(bank: World) -> None:
    files = rows(day(0)).files()
    header, first, second, third = files["customers.csv"].decode().splitlines()
    columns = first.split(",")
    columns[-1] = '"تهران، خیابان ""یکم"", پلاک ۲\r\nواحد\n۳  "'
    files["customers.csv"] = "\n".join([header, "", ",".join(columns), "", second, third, "", ""]).encode()
    result = bank.take_files(day(0), files)
    assert (result.status, result.customers.new) == ("taken", 3)
    assert bank.customer("address") == ('تهران، خیابان "یکم", پلاک ۲ واحد ۳',)


def test_a_line_of_spaces_is_no_empty_line_and_lines_are_physical(bank: World) -> None:
    set_setting(bank.connection, "feed.max_bad_percent", 50)
    files = rows(day(0)).files()
    header, first, second, third = files["customers.csv"].decode().splitlines()
    quoted = first.rsplit(",", 1)[0] + ',"سطر یکم\nسطر دوم"'
    files["customers.csv"] = f"{header}\n\n{quoted}\n  \n{second}\n{third}".encode()
    result = bank.take_files(day(0), files)
    assert lines(result) == [("customers.csv", 5, "field_count")]
    assert result.customers.new == 3


def test_numbers_in_any_digits_and_a_fraction_of_zeros(bank: World) -> None:
    result = bank.night(
        day(0),
        [
            facility("L-۱", "۱۰۱", overdue_days="۳۰", overdue_amount="١٢٠٠.0000", amount=" 5000.0 "),
            facility("L2", "102", overdue_days="30.00", overdue_installments="", amount="", loan_date=""),
        ],
        customers=[customer("101"), customer("۱۰۲")],
    )
    assert (result.facilities.new, result.facilities.rejected) == (2, 0)
    assert bank.facility("overdue_amount, amount, overdue_since", "L-1") == (
        1200, 5000, day(0) - timedelta(days=30),
    )  # fmt: skip
    assert bank.facility("overdue_installments, amount, loan_date", "L2") == (None, None, None)


@pytest.mark.parametrize("written", ["1405/08/10", "2026-11-01", "۱۴۰۵/۰۸/۱۰"])
def test_dates_of_manifest_and_rows(bank: World, written: str) -> None:
    made = rows(day(0))
    made.facilities[0] = {**made.facilities[0], "loan_date": written}
    result = bank.take_files(day(0), made.files(), {"as_of": written})
    assert (result.status, result.as_of) == ("taken", day(0))
    assert bank.facility("loan_date") == (day(0),)


def test_optional_columns(bank: World) -> None:
    files = rows(day(0)).files()
    for name, title, values in (
        ("facilities.csv", "outstanding_amount,last_payment_date", ["700.00,1405/08/01", ",", ",2026-10-01"]),
        ("customers.csv", "mobile_owner_verified", ["1", "0", ""]),
    ):
        header, *body = files[name].decode().splitlines()
        files[name] = "\n".join(
            [f"{header},{title}", *(f"{a},{b}" for a, b in zip(body, values, strict=True))]
        ).encode()
    assert bank.take_files(day(0), files).status == "taken"
    assert bank.facility("outstanding_amount, last_payment_date") == (700, date(2026, 10, 23))
    assert bank.rows("SELECT mobile_owner_verified FROM customer ORDER BY customer_no") == [
        (True,),
        (False,),
        (False,),
    ]


# Control figures


def test_sha256_in_either_case(bank: World) -> None:
    files = rows(day(0)).files()
    document: Any = control(day(0), files)
    for figures in document["files"].values():
        figures["sha256"] = figures["sha256"].upper()
    path = write_feed(bank.path(), day(0), files, {"files": document["files"]})
    assert bank.take(path).status == "taken"


@pytest.mark.parametrize("name", ["customers.csv", "facilities.csv", "guarantors.csv"])
def test_wrong_rows(bank: World, name: str) -> None:
    files = rows(day(0)).files()
    document: Any = control(day(0), files)
    document["files"][name]["rows"] += 1
    reason = refused(
        bank, write_feed(bank.path(), day(0), files, {"files": document["files"]}), "feed_rows_wrong"
    )
    assert name in reason


def test_wrong_sha256(bank: World) -> None:
    path = rows(day(0)).write(bank.path())
    content = (path / "customers.csv").read_bytes()
    (path / "customers.csv").write_bytes(content.replace("مریم".encode(), "مینا".encode()))
    refused(bank, path, "feed_sha_wrong")


def test_a_cut_file_is_told_as_not_what_the_manifest_says(bank: World) -> None:
    path = rows(day(0)).write(bank.path())
    content = (path / "facilities.csv").read_bytes()
    (path / "facilities.csv").write_bytes(content[:20])
    refused(bank, path, "feed_sha_wrong")


def test_the_sum_is_over_all_rows_unreadable_ones_as_nothing(bank: World) -> None:
    set_setting(bank.connection, "feed.max_bad_percent", 100)
    made = rows(day(0), 1)
    made.facilities += [
        facility("L1", "101", overdue_amount="50"),
        facility("L8", "101", overdue_amount="7", branch_code="77"),
        facility("L9", "101", overdue_amount="1,000"),
        facility("L10", "101", overdue_amount="-5"),
    ]
    assert bank.take_files(day(0), made.files(), {"overdue_amount": 157}).status == "taken"
    refused(bank, write_feed(bank.path(), day(1), made.files(), {"overdue_amount": 100}), "feed_amount_wrong")


@pytest.mark.parametrize(
    ("field", "value"),
    [("format", 2), ("as_of", None), ("as_of", "1405/13/01"), ("files", {}), ("overdue_amount", None),
     ("overdue_amount", "x"), ("overdue_amount", True)],
)  # fmt: skip
def test_missing_or_bad_control_figures(bank: World, field: str, value: object) -> None:
    refused(bank, write_feed(bank.path(), day(0), rows(day(0)).files(), {field: value}), "feed_manifest_bad")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe{}", b"[" * 9_000, b'{"as_of": NaN}'])
def test_manifest_that_is_none(bank: World, content: bytes) -> None:
    path = rows(day(0)).write(bank.path())
    (path / "manifest.json").write_bytes(content)
    refused(bank, path, "feed_manifest_bad")
    assert bank.rows("SELECT as_of FROM feed_arrival ORDER BY id DESC LIMIT 1") == [(None,)]


# Unreadable


@pytest.mark.parametrize("name", ["manifest.json", "customers.csv", "facilities.csv", "guarantors.csv"])
def test_missing_file(bank: World, name: str) -> None:
    path = rows(day(0)).write(bank.path())
    (path / name).unlink()
    assert name in refused(bank, path, "feed_file_missing")


def test_nothing_there(bank: World) -> None:
    refused(bank, bank.folder / "nowhere", "feed_unreadable")
    empty = bank.path()
    empty.mkdir()
    refused(bank, empty, "feed_unreadable")


def test_text_that_is_no_utf8(bank: World) -> None:
    files = rows(day(0)).files()
    files["customers.csv"] = files["customers.csv"].decode().encode("utf-16")
    refused(bank, write_feed(bank.path(), day(0), files), "feed_unreadable")


def test_a_line_without_end_is_refused_before_it_fills_the_memory(bank: World) -> None:
    files = rows(day(0)).files()
    files["customers.csv"] += b"1" * 6_000_000
    refused(bank, write_feed(bank.path(), day(0), files), "feed_unreadable")


@pytest.mark.parametrize("column", ["customer_no", "overdue_days", "loan_no"])
def test_missing_column(bank: World, column: str) -> None:
    files = {
        name: content.replace(column.encode(), b"other", 1) for name, content in rows(day(0)).files().items()
    }
    assert column in refused(bank, write_feed(bank.path(), day(0), files), "feed_column_missing")


def test_empty_file_has_no_columns(bank: World) -> None:
    files = rows(day(0)).files() | {"guarantors.csv": b""}
    document: Any = control(day(0), files)
    document["files"]["guarantors.csv"]["rows"] = 0
    refused(bank, write_feed(bank.path(), day(0), files, {"files": document["files"]}), "feed_column_missing")


def test_repeated_column(bank: World) -> None:
    files = rows(day(0)).files()
    files["guarantors.csv"] = b"loan_no,customer_no,loan_no\nL1,102,L1\n"
    refused(bank, write_feed(bank.path(), day(0), files), "feed_column_repeated")


# Dates


def test_as_of_in_the_future(bank: World) -> None:
    today = bank.clock.today()
    refused(bank, rows(today + timedelta(days=1)).write(bank.path()), "feed_in_future")
    assert bank.take(rows(today).write(bank.path())).status == "taken"


def test_as_of_before_the_last_feed(bank: World) -> None:
    bank.take(rows(day(5)).write(bank.path()))
    refused(bank, rows(day(4)).write(bank.path()), "feed_older", force=True)


# More than 5 % bad, fewer than half


def good(count: int) -> FeedRows:
    made = FeedRows(day(0))
    made.customers = [customer(str(1000 + number)) for number in range(count)]
    made.facilities = [facility(f"L{number}", str(1000 + number)) for number in range(count)]
    return made


def test_exactly_five_percent_is_taken_one_row_more_is_not(bank: World) -> None:
    made = good(20)
    made.facilities[0] = facility("L0", "1000", branch_code="77")
    made.facilities[1] = facility("L1", "1001", overdue_days="x")
    path = made.write(bank.path())
    made.facilities[2] = facility("L2", "1002", loan_type_code="9")
    reason = refused(bank, made.write(bank.path()), "feed_too_bad")
    assert "«77»" in reason
    assert "«9»" in reason
    refused(bank, made.write(bank.path()), "feed_too_bad", force=True)
    result = bank.take(path)
    assert (result.status, result.facilities.rejected) == ("taken", 2)
    aside = bank.rows(
        "SELECT count(*) FROM feed_rejected_row r JOIN feed_arrival a ON a.id = r.arrival_id WHERE a.status = 'refused'"
    )
    assert aside == [(6,)]


def test_repeats_count_as_bad_and_rows_lost_by_cascade_do_not(bank: World) -> None:
    made = good(18)
    made.customers.append(customer("12x"))
    made.facilities += [facility("L-lost", "12x"), facility("L0", "1000")]
    made.guarantors = [pair("L-lost", "1001"), pair("L3", "12x")]
    result = bank.take(made.write(bank.path()))
    assert result.status == "taken"
    assert lines(result) == [
        ("customers.csv", 20, "customer_no_not_digits"),
        ("facilities.csv", 20, "unknown_customer"),
        ("facilities.csv", 21, "facility_repeated"),
        ("guarantors.csv", 2, "unknown_facility"),
        ("guarantors.csv", 3, "unknown_customer"),
    ]


def test_the_allowed_percentage_is_a_setting(bank: World) -> None:
    made = good(4)
    made.facilities[0] = facility("L0", "1000", branch_code="77")
    refused(bank, made.write(bank.path()), "feed_too_bad")
    set_setting(bank.connection, "feed.max_bad_percent", 13)
    assert bank.take(made.write(bank.path())).status == "taken"


def test_fewer_than_half_of_the_last_facilities(bank: World) -> None:
    bank.take(good(10).write(bank.path()))
    made = good(4)
    made.as_of = day(1)
    refused(bank, made.write(bank.path()), "feed_half_size")
    # Distinct loan numbers count, those of rows set aside too.
    set_setting(bank.connection, "feed.max_bad_percent", 50)
    made.facilities += [facility("L0", "1000"), facility("L-aside", "1000", branch_code="77")]
    assert bank.take(made.write(bank.path())).status == "taken"


def test_force_lifts_the_half_size_rule_alone(bank: World) -> None:
    bank.take(good(10).write(bank.path()))
    made = good(1)
    made.as_of = day(1)
    assert bank.take(made.write(bank.path()), force=True).status == "taken"
    assert bank.rows("SELECT count(*) FROM facility WHERE episode_id IS NOT NULL") == [(1,)]


# Archives that lead astray


def _archive(
    path: Path, entries: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None
) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            if change:
                change(info)
            archive.writestr(info, content)
    return path


def _entries() -> dict[str, bytes]:
    files = rows(day(0)).files()
    return {**files, "manifest.json": manifest(day(0), files)}


@pytest.mark.parametrize("name", ["../x.csv", "/x.csv", "a/../../x.csv", "..\\x.csv", "C:\\x.csv"])
def test_path_that_leads_out(bank: World, name: str) -> None:
    refused(bank, _archive(bank.folder / "f.zip", {**_entries(), name: b"x"}), "feed_zip_suspect")


def test_link_in_an_archive(bank: World) -> None:
    def link(info: zipfile.ZipInfo) -> None:
        info.create_system, info.external_attr = 3, 0o120777 << 16

    refused(bank, _archive(bank.folder / "f.zip", _entries(), link), "feed_zip_suspect")


def test_bomb(bank: World) -> None:
    bomb = {**_entries(), "customers.csv": b"0" * (80 * 2**20)}
    refused(bank, _archive(bank.folder / "f.zip", bomb), "feed_zip_suspect")


def test_file_twice_and_too_many_files(bank: World) -> None:
    many = {**_entries(), **{f"x{number}": b"" for number in range(1_200)}}
    refused(bank, _archive(bank.folder / "many.zip", many), "feed_zip_suspect")
    two = {**_entries(), **{f"again/{name}": content for name, content in _entries().items()}}
    refused(bank, _archive(bank.folder / "two.zip", two), "feed_unreadable")


def test_broken_archive(bank: World) -> None:
    whole = _archive(bank.folder / "f.zip", _entries()).read_bytes()
    for content in (b"", b"PK", whole[:-30], whole[:200] + b"\0" * 40 + whole[240:]):
        path = bank.folder / "broken.zip"
        path.write_bytes(content)
        assert bank.take(path).status == "refused"


def test_other_files_in_an_archive_are_passed_over(bank: World) -> None:
    entries = {**_entries(), "__MACOSX/customers.csv": b"x", "readme.txt": b"x"}
    assert bank.take(_archive(bank.folder / "f.zip", entries)).status == "taken"


def test_report_keeps_every_try(bank: World) -> None:
    path = rows(day(0)).write(bank.path())
    bank.take(path)
    bank.take(path)
    refused(bank, rows(day(0) - timedelta(days=1)).write(bank.path()), "feed_older")
    tries = bank.rows("SELECT status, as_of, via, form, counts FROM feed_arrival ORDER BY id")
    assert [(status, form) for status, _, _, form, _ in tries] == [
        ("taken", "folder"), ("unchanged", "folder"), ("refused", "folder"),
    ]  # fmt: skip
    assert tries[0][4]["facilities"] == {"rows": 3, "new": 3, "changed": 0, "unchanged": 0, "rejected": 0}
    assert json.loads(json.dumps(tries[1][4]))["facilities"]["unchanged"] == 3

"""Catalogues from and to CSV: all or nothing, by their key, never deleting."""

import csv
import io

import pytest
from sqlalchemy import Connection, text

from tests.conftest import NOW
from vesal_server.audit.service import SYSTEM
from vesal_server.catalogs import service
from vesal_server.catalogs.seeds import national_holidays
from vesal_server.catalogs.service import Imported
from vesal_shared.problems import Refusal


def take(connection: Connection, kind: str, content: str) -> Imported:
    return service.take_in(connection, SYSTEM, NOW, kind, content.encode())


def counts(done: Imported) -> tuple[int, int, int]:
    return done.new, done.changed, done.unchanged


def test_rows_are_added_and_replaced_by_code(connection: Connection) -> None:
    assert counts(take(connection, "provinces", "code,title\n96,تهران(غرب)\n73,لرستان\n")) == (2, 0, 0)
    assert counts(
        take(connection, "provinces", "code,title\n۷۳,لرستان جنوبی\n31,اصفهان\n96,تهران(غرب)\n")
    ) == (1, 1, 1)
    rows = connection.execute(text("SELECT code, title FROM province ORDER BY code")).all()
    assert [tuple(row) for row in rows] == [("31", "اصفهان"), ("73", "لرستان جنوبی"), ("96", "تهران(غرب)")]


def test_columns_come_in_any_order_with_bom_quotes_and_unknown_ones(connection: Connection) -> None:
    take(connection, "provinces", "code,title\n96,تهران\n")
    content = (
        "\ufefftitle,note,PROVINCE_CODE,code,address,ip\r\n"
        '"اكباتان ",x,96,6140,"تهران، ""الف""",10.1.1.0/24; 10.2.2.2\r\n'
    )
    done = take(connection, "branches", content)
    assert counts(done) == (1, 0, 0)
    assert len(done.notes) == 1
    row = connection.execute(text("SELECT title, address, ip FROM branch WHERE code = '6140'")).one()
    assert tuple(row) == ("اکباتان", 'تهران، "الف"', "10.1.1.0/24 10.2.2.2/32")
    # A column that the file lacks leaves what is stored.
    assert counts(take(connection, "branches", "code,title,province_code\n6140,اکباتان,96\n")) == (0, 0, 1)


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("provinces", "code\n1\n", "catalog_column_missing"),
        ("provinces", "code,title\n1,\n", "catalog_bad_row"),
        ("provinces", "code,title\n,x\n", "catalog_bad_row"),
        ("provinces", "code,title\n1,a,b\n", "catalog_bad_row"),
        ("provinces", "code,title\n1,a\n1,b\n", "catalog_bad_row"),
        ("provinces", 'code,title\n1,"a\n', "catalog_unreadable"),
        ("branches", "code,title,province_code\n1,a,404\n", "catalog_bad_row"),
        ("branches", "code,title,province_code,ip\n1,a,,999.1.1.1\n", "catalog_bad_row"),
        ("holidays", "date,title\n1405/13/01,x\n", "catalog_bad_row"),
        ("holidays", "date,title,province_code,no_messages\n1405/01/01,x,,perhaps\n", "catalog_bad_row"),
        ("nothing", "code,title\n1,a\n", "unknown_catalog"),
    ],
)
def test_a_bad_file_is_refused_whole(connection: Connection, kind: str, content: str, code: str) -> None:
    before = connection.execute(text("SELECT count(*) FROM province")).scalar_one()
    with pytest.raises(Refusal) as refused:
        take(connection, kind, content.replace("code,title\n1,a", "code,title\n9,good\n1,a", 1))
    assert refused.value.code == code
    assert connection.execute(text("SELECT count(*) FROM province")).scalar_one() == before


def test_every_bad_row_is_named_with_its_line(connection: Connection) -> None:
    with pytest.raises(Refusal) as refused:
        take(connection, "provinces", 'code,title\n1,"دو\nسطر"\n2,\n3,خوب\n,x\n')
    assert [error.params["line"] for error in refused.value.errors if error.params] == [4, 6]


def test_bytes_that_are_no_utf_8_are_refused(connection: Connection) -> None:
    with pytest.raises(Refusal, match="catalog_unreadable"):
        service.take_in(connection, SYSTEM, NOW, "provinces", "code,title\n1,تهران\n".encode("cp1256"))


@pytest.mark.parametrize("kind", ["provinces", "branches", "loan-types", "deposit-types", "holidays"])
def test_what_goes_out_comes_in_unchanged(connection: Connection, kind: str) -> None:
    take(connection, "provinces", 'code,title\n96,"تهران، ""غرب"""\n')
    take(connection, "branches", "code,title,province_code,ip\n6140,اکباتان,96,10.0.0.0/8\n")
    take(connection, "loan-types", "code,title\n307,مرابحه\n")
    take(connection, "deposit-types", "code,title\n10,کوتاه‌مدت\n")
    take(connection, "holidays", "date,title,province_code,no_messages\n1405/09/05,محلی,96,1\n")
    out = service.give_out(connection, kind)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows
    assert counts(take(connection, kind, out)) == (0, 0, len(rows))
    if kind == "holidays":
        assert ("2026-11-26", "96", "1") in {
            (row["date"], row["province_code"], row["no_messages"]) for row in rows
        }


def test_a_holiday_of_the_country_and_of_a_province_stand_beside_each_other(connection: Connection) -> None:
    take(connection, "provinces", "code,title\n96,تهران\n")
    content = "date,title,province_code\n2026-11-26,الف,\n2026-11-26,ب,96\n"
    done = take(connection, "holidays", content)
    assert counts(done) == (2, 0, 0)
    assert {day.isoformat() for day in done.new_dates} == {"2026-11-26"}
    assert counts(take(connection, "holidays", content)) == (0, 0, 2)


def test_an_estimate_that_somebody_confirms_is_none_any_more(connection: Connection) -> None:
    row = connection.execute(
        text("SELECT date, title FROM holiday WHERE estimated ORDER BY date LIMIT 1")
    ).one()
    take(connection, "holidays", f"date,title\n{row.date},{row.title} (اعلام‌شده)\n")
    query = text("SELECT estimated FROM holiday WHERE date = :day AND province_code IS NULL")
    assert connection.execute(query, {"day": row.date}).scalar_one() is False


def test_seeded_holidays_are_persian_and_later_lunar_ones_are_estimates() -> None:
    days = {day.isoformat(): (title, estimated) for day, title, estimated in national_holidays(2026, 2028)}
    assert days["2026-03-21"][1] is False
    assert "نوروز" in days["2028-03-20"][0]
    assert any(estimated for _, estimated in days.values())
    assert all("تخمینی" not in title and not title.isascii() for title, _ in days.values())


def test_an_import_is_one_audit_row_with_its_counts(connection: Connection) -> None:
    take(connection, "loan-types", "code,title\n1,الف\n2,ب\n")
    query = text("SELECT action, new FROM audit_entry WHERE entity = 'loan_type'")
    assert [tuple(row) for row in connection.execute(query)] == [
        ("import", {"new": 2, "changed": 0, "unchanged": 0})
    ]

"""Letters in planning: issued once an episode, numbered, sealed, suppressed and looked at again."""

from datetime import date, time, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import text

from tests.server.planning.bank import NOW, TODAY, PlanBank
from vesal_server.kit.clock import tehran_instant
from vesal_server.letters.content import ordinal
from vesal_server.planning import events
from vesal_shared import letter_seal
from vesal_shared.letter_content import LetterContent, from_plain

TOMORROW = TODAY + timedelta(days=1)


def contents(bank: PlanBank) -> list[LetterContent]:
    return [from_plain(row.content) for row in sorted(bank.letters(), key=lambda row: row.id)]


def test_letters_ignore_k_and_repeats(bank: PlanBank) -> None:
    bank.workflow(channels=("sms", "warning"), days_from=1, every_days=50, per_day=3, repeat_minutes=10)
    bank.facility("1", bank.customer("1"), days=20)
    assert bank.plan().by_channel == {"warning": 1}
    (letter,) = bank.letters()
    assert (letter.status, letter.day, letter.due_at) == (
        "issued",
        TODAY,
        tehran_instant(TODAY, time(9)),
    )


def test_one_an_episode_workflow_channel_and_person(bank: PlanBank) -> None:
    bank.workflow(channels=("introduction_letter", "warning"), recipients=("borrower", "guarantor"))
    facility = bank.facility("1", bank.customer("1"))
    bank.guarantor(facility, bank.customer("2"))
    assert bank.plan().new == 4
    assert bank.plan(TOMORROW).new == 0
    bank.close_episode(facility)
    bank.open_episode(facility, TOMORROW)
    assert bank.plan(TOMORROW).new == 4


def test_numbers_run_by_loan_number_per_branch_and_jalali_year(bank: PlanBank) -> None:
    bank.workflow(channels=("introduction_letter",), days_from=1, days_to=200)
    for loan_no, branch in (("9-10", "6140"), ("9-2", "6140"), ("9-1", "3101"), ("10", "6140")):
        bank.facility(loan_no, bank.customer(loan_no.replace("-", "0")), branch=branch)
    bank.plan()
    assert {row.loan_no: row.number for row in bank.letters()} == {
        "10": "1405/6140/000001", "9-10": "1405/6140/000002", "9-2": "1405/6140/000003", "9-1": "1405/3101/000001",
    }  # fmt: skip
    # 1406 begins on 2027-03-21: the year is that of D.
    spring = date(2027, 3, 21)
    bank.feed(spring)
    bank.facility("0", bank.customer("77"), as_of=spring)
    bank.plan(spring)
    assert bank.letters()[0].number == "1406/6140/000001"
    bank.facility("00", bank.customer("78"), as_of=spring)
    bank.plan(spring)
    assert {row.number for row in bank.letters()} >= {"1406/6140/000002", "1405/6140/000003"}


def test_suppressed_letters_take_no_number(bank: PlanBank) -> None:
    bank.workflow(channels=("warning",))
    bank.facility("1", bank.customer("1", address=""))
    bank.facility("2", bank.customer("2"))
    bank.plan()
    assert [(row.status, row.number) for row in bank.letters()] == [
        ("suppressed", None), ("issued", "1405/6140/000001"),
    ]  # fmt: skip


def test_a_suppressed_letter_moves_to_each_day_until_it_is_issued(bank: PlanBank) -> None:
    bank.workflow(channels=("warning",))
    bank.facility("1", bank.customer("1", address=""))
    assert bank.plan(TODAY).suppressed == {"no_address": 1}
    moved = bank.plan(TOMORROW)
    assert (moved.new, moved.suppressed) == (1, {"no_address": 1})
    assert bank.plan(TODAY).new == 0
    assert [row.day for row in bank.letters()] == [TOMORROW]
    bank.connection.execute(text("UPDATE customer SET address = 'تهران'"))
    # Never moved to an earlier day, not even to be issued.
    bank.plan(TODAY)
    assert [row.status for row in bank.letters()] == ["suppressed"]
    # Looked at again on its own day too.
    assert bank.plan(TOMORROW).planned == 1
    (letter,) = bank.letters()
    assert (letter.status, letter.day, letter.number) == ("issued", TOMORROW, "1405/6140/000001")
    bank.plan(TODAY + timedelta(days=2))
    assert [row.day for row in bank.letters()] == [TOMORROW]


# earlier_letter and the stage


def settle(bank: PlanBank, status: str, on: date) -> None:
    bank.connection.execute(
        text("UPDATE letter SET status = :status, outcome_on = :on WHERE status IN ('issued', 'printed')"),
        {"status": status, "on": on},
    )


def second_rung(bank: PlanBank, after: int | None) -> None:
    """A warning from day 1 to 20, and another from day 21 on, to be waited for."""
    bank.setting("planning.rest_days", "[]")
    bank.workflow("یک", days_from=1, days_to=20, channels=("warning",))
    bank.workflow("دو", days_from=21, days_to=60, channels=("warning",), after_stage_days=after)
    bank.facility("1", bank.customer("1"), days=20)
    bank.plan()


def rung(bank: PlanBank, day: date) -> tuple[str, str | None]:
    bank.feed(day)
    bank.plan(day)
    row = max(bank.letters(), key=lambda letter: letter.id)
    return row.status, row.reason


def test_a_warning_that_still_waits(bank: PlanBank) -> None:
    second_rung(bank, 10)
    assert rung(bank, TOMORROW) == ("suppressed", "earlier_letter")
    bank.connection.execute(text("UPDATE letter SET status = 'printed' WHERE status = 'issued'"))
    assert rung(bank, TOMORROW) == ("suppressed", "earlier_letter")


@pytest.mark.parametrize("status", ["served", "returned", "not_found"])
def test_days_since_the_last_warning_was_settled(bank: PlanBank, status: str) -> None:
    second_rung(bank, 3)
    settle(bank, status, TODAY)
    assert rung(bank, TODAY + timedelta(days=2)) == ("suppressed", "earlier_letter")
    assert rung(bank, TODAY + timedelta(days=3)) == ("issued", None)
    assert sorted(row.stage for row in bank.letters()) == [1, 2]


def test_without_after_stage_days_nothing_is_waited_for(bank: PlanBank) -> None:
    second_rung(bank, None)
    assert rung(bank, TOMORROW) == ("issued", None)
    assert [content.subject for content in contents(bank)] == ["اخطاریه – اخطار اول", "اخطاریه – اخطار دوم"]


def test_void_warnings_do_not_count(bank: PlanBank) -> None:
    second_rung(bank, 10)
    bank.connection.execute(text("UPDATE letter SET status = 'void', reason = 'cured'"))
    assert rung(bank, TOMORROW) == ("issued", None)
    assert max(bank.letters(), key=lambda letter: letter.id).stage == 1


def test_an_introduction_letter_never_waits(bank: PlanBank) -> None:
    bank.workflow(channels=("introduction_letter", "warning"), after_stage_days=10)
    bank.facility("1", bank.customer("1"))
    bank.plan()
    assert {row.channel: row.status for row in bank.letters()} == {
        "introduction_letter": "issued",
        "warning": "issued",
    }


def test_within_one_planning_a_warning_counts_before_a_declaration(bank: PlanBank) -> None:
    bank.workflow(channels=("declaration", "warning"), after_stage_days=5)
    bank.facility("1", bank.customer("1"))
    bank.facility("2", bank.customer("2"), branch="3101")
    bank.plan()
    assert {(row.channel, row.status, row.reason) for row in bank.letters()} == {
        ("warning", "issued", None), ("declaration", "suppressed", "earlier_letter"),
    }  # fmt: skip


def test_a_warning_that_rests_holds_no_declaration_back(bank: PlanBank) -> None:
    bank.workflow(channels=("declaration", "warning"), after_stage_days=5)
    bank.facility("1", bank.customer("1"))
    bank.holiday(TODAY)
    bank.plan()
    assert {row.reason for row in bank.letters()} == {"holiday"}


def test_each_person_has_their_own_stage(bank: PlanBank) -> None:
    bank.workflow("یک", days_from=1, days_to=20, channels=("warning",), recipients=("borrower",))
    bank.workflow("دو", days_from=21, days_to=60, channels=("warning",), recipients=("borrower", "guarantor"))
    facility = bank.facility("1", bank.customer("1"), days=20)
    bank.guarantor(facility, bank.customer("2"))
    bank.plan()
    bank.plan(TOMORROW)
    assert {(row.customer_no, row.stage) for row in bank.letters()} == {("1", 1), ("1", 2), ("2", 1)}


# What a cure takes and a return gives back


def test_a_cure_voids_unserved_letters_and_a_return_gives_them_back(bank: PlanBank) -> None:
    bank.workflow(channels=("introduction_letter", "warning", "declaration"))
    facility = bank.facility("1", bank.customer("1"))
    bank.facility("2", bank.customer("2", address=""))
    bank.plan()
    bank.connection.execute(
        text("UPDATE letter SET status = 'printed' WHERE channel = 'warning' AND number IS NOT NULL")
    )
    bank.connection.execute(
        text(
            "UPDATE letter SET status = 'served', outcome_on = :d WHERE channel = 'introduction_letter' AND reason IS NULL"
        ),
        {"d": TODAY},
    )
    before = [(row.loan_no, row.channel, row.status, row.reason) for row in bank.letters()]
    other = bank.letters()[-1].facility_id
    closed = [bank.close_episode(facility), bank.close_episode(other)]
    ended = events.episodes_closed(bank.connection, closed, now=NOW)
    assert (ended.cancelled, ended.void) == (3, 2)
    assert [(row.status, row.reason) for row in bank.letters()] == [
        ("void", "cured"), ("served", None), ("void", "cured"),
        ("cancelled", "cured"), ("cancelled", "cured"), ("cancelled", "cured"),
    ]  # fmt: skip
    assert bank.plan().cancelled == 5
    bank.reopen_episode(facility, closed[0])
    bank.reopen_episode(other, closed[1])
    events.episodes_reopened(bank.connection, closed, now=NOW, correction=False)
    assert [(row.loan_no, row.channel, row.status, row.reason) for row in bank.letters()] == before
    kinds = bank.connection.execute(text("SELECT kind, count(*) FROM letter_event GROUP BY kind")).all()
    assert {tuple(row) for row in kinds} == {("issued", 3), ("void", 2), ("restored", 2)}


def test_unprinted_letters_follow_their_facility_with_their_number(bank: PlanBank) -> None:
    bank.workflow(channels=("introduction_letter", "warning"))
    facility = bank.facility("1", bank.customer("1"))
    bank.plan()
    bank.connection.execute(text("UPDATE letter SET status = 'printed' WHERE channel = 'warning'"))
    bank.change(facility, branch_code="3101")
    assert events.facilities_moved(bank.connection, [facility]) == 1
    assert [(row.channel, row.branch_code, row.number) for row in bank.letters()] == [
        ("introduction_letter", "3101", "1405/6140/000001"), ("warning", "6140", "1405/6140/000002"),
    ]  # fmt: skip


def test_letters_count_as_issued_for_a_customer_who_is_the_same_person(bank: PlanBank) -> None:
    bank.workflow(channels=("warning", "sms"))
    first = bank.customer("1")
    facility = bank.facility("1", first)
    bank.plan()
    second = bank.customer("2", person=first)
    bank.change(facility, customer_id=second)
    assert bank.plan().new == 0
    # The two turn out to be one person only later.
    third = bank.customer("3")
    bank.connection.execute(
        text("UPDATE customer SET person_id = :third WHERE id IN (:one, :two)"),
        {"third": third, "one": first, "two": second},
    )
    events.persons_joined(bank.connection, [first, second], now=NOW)
    assert bank.plan().new == 0


# The frozen content


def test_the_content_is_complete_and_sealed(bank: PlanBank) -> None:
    bank.setting("bank.name", '"بانک نمونه"')
    bank.setting("letters.cc", '"دایره وصول مطالبات شعبه، جهت پیگیری\\nبایگانی پرونده تسهیلات"')
    bank.workflow(channels=("warning",), recipients=("borrower", "guarantor"))
    facility = bank.facility(
        "8329-307-1400218-4",
        bank.customer("1", first_name="مریم", last_name="مثالیان", gender="F"),
        days=103,
        amount=412_750_000,
        installments=4,
    )
    bank.guarantor(facility, bank.customer("2", first_name="کاوه", last_name="ضامنی‌فر"))
    bank.workflow(channels=("warning",), recipients=("borrower", "guarantor"), days_to=200)
    bank.plan()
    borrower, guarantor = contents(bank)
    assert (borrower.number, borrower.date, borrower.bank.name) == ("1405/6140/000001", TODAY, "بانک نمونه")
    assert (borrower.addressee.gender_title, borrower.addressee.name) == ("سرکار خانم", "مریم مثالیان")
    assert borrower.subject == "اخطاریه – اخطار اول"
    assert guarantor.subject == "اخطاریه – اخطار اول به ضامن"
    assert borrower.paragraphs[0] == (
        "به اطلاع می‌رساند از تسهیلات شماره ۸۳۲۹-۳۰۷-۱۴۰۰۲۱۸-۴ که در شعبه میدان نمونه به نام شما ثبت است، ۴ قسط تا "
        "تاریخ ۱۴۰۵/۰۹/۰۳ پرداخت نشده و ۱۰۳ روز از سررسید نخستین قسط معوق گذشته است. خلاصه بدهی به شرح زیر است:"
    )
    assert len(borrower.paragraphs) == 4
    assert borrower.debt.amount_in_words == "چهارصد و دوازده میلیون و هفتصد و پنجاه هزار ریال"
    assert (borrower.debt.borrower_name, guarantor.debt.borrower_name) == ("", "مریم مثالیان")
    assert (borrower.debt.overdue_installments, guarantor.debt.overdue_installments) == (4, 0)
    assert borrower.cc == ("دایره وصول مطالبات شعبه، جهت پیگیری", "بایگانی پرونده تسهیلات")
    assert (borrower.branch.code, borrower.branch.title, borrower.branch.phone) == (
        "6140",
        "میدان نمونه",
        "021-1405",
    )
    assert not [part for part in guarantor.paragraphs if "قسط" in part and "اقساط" in part]
    row = bank.connection.execute(text("SELECT key_id, public_key FROM letter_key")).one()
    keys = {row.key_id: Ed25519PublicKey.from_public_bytes(row.public_key)}
    for content in (borrower, guarantor):
        assert content.seal is not None
        facts = letter_seal.verify(keys, content.seal.text).facts
        assert (facts.kind, facts.number, facts.date, facts.loan_no, facts.amount) == (
            "warning", content.number, TODAY, "8329-307-1400218-4", 412_750_000,
        )  # fmt: skip
        assert facts.addressee == content.addressee.name


def test_one_key_seals_all_letters(bank: PlanBank) -> None:
    bank.workflow(channels=("warning",))
    bank.facility("1", bank.customer("1"))
    bank.plan()
    bank.facility("2", bank.customer("2"))
    bank.plan()
    seals = {content.seal.key_id for content in contents(bank) if content.seal}
    assert len(seals) == 1
    assert bank.connection.execute(text("SELECT count(*) FROM letter_key")).scalar_one() == 1


def test_deadlines_come_from_the_settings(bank: PlanBank) -> None:
    bank.setting("letters.warning_days", "30")
    bank.workflow(channels=("warning",))
    bank.facility("1", bank.customer("1"))
    bank.plan()
    assert "اخطار می‌شود ظرف سی روز از تاریخ ابلاغ" in contents(bank)[0].paragraphs[1]


def test_a_declaration_names_both_sides(bank: PlanBank) -> None:
    bank.workflow(channels=("declaration",))
    facility = bank.facility("1", bank.customer("1", national_id="0012345679", father_name="حسن"))
    for number in ("2", "3"):
        bank.guarantor(facility, bank.customer(number))
    bank.plan()
    (content,) = contents(bank)
    assert content.salutation == "مخاطب محترم، جناب آقای رضا نمونه"
    assert (content.addressee.national_id, content.addressee.father_name) == ("0012345679", "حسن")
    assert content.copies == 5
    assert content.stage is None


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "اول"), (2, "دوم"), (3, "سوم"), (4, "چهارم"), (10, "دهم"), (13, "سیزدهم"), (20, "بیستم"),
     (21, "بیست و یکم"), (23, "بیست و سوم"), (30, "سی‌ام")],
)  # fmt: skip
def test_ordinals(number: int, word: str) -> None:
    assert ordinal(number) == word

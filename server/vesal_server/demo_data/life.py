"""The lives of the generated facilities: overdue, paid in part, cured, back again."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from vesal_server.demo_data import words
from vesal_shared import jalali

#: How old arrears are when the first feed is made: (share, from, to) in days.
_AGES = ((0.46, 1, 60), (0.30, 61, 180), (0.17, 181, 540), (0.07, 541, 1100))


@dataclass(frozen=True, slots=True)
class Loan:
    """A facility and what happens to it; days are counted from the first feed, which is day 0."""

    loan_no: str
    borrower: int
    guarantors: tuple[int, ...]
    branch_code: str
    loan_type: str
    deposit_type: str
    loan_date: date
    amount: int
    installment: int
    #: First unpaid date at the beginning.
    unpaid_from: date
    #: Days of the feeds in which it appears first and last (−1: never leaves).
    appears: int
    leaves: int
    #: Day on which it is back after a cure with new arrears, or −1.
    returns: int
    #: Day of a part payment and the instalments it pays, or −1.
    pays_on: int
    pays: int

    def row(self, day: int, as_of: date) -> dict[str, str] | None:
        """The row of facilities.csv on a day, or None where it isn't overdue."""
        unpaid, last_payment = self.unpaid_from, self.unpaid_from - timedelta(days=30)
        if self.returns >= 0 and day >= self.returns:
            unpaid = as_of - timedelta(days=day - self.returns + 1)
            last_payment = unpaid - timedelta(days=1)
        elif day < self.appears or 0 <= self.leaves <= day:
            return None
        elif 0 <= self.pays_on <= day:
            unpaid += timedelta(days=30 * self.pays)
            last_payment = as_of - timedelta(days=day - self.pays_on)
        days = (as_of - unpaid).days
        if days < 1:
            return None
        count = 1 + days // 30
        # The late-payment charge is reckoned with each instalment, to the thousand rial.
        overdue = count * self.installment + self.installment * (count - 1) // 60 // 1000 * 1000
        return {
            "loan_no": self.loan_no,
            "customer_no": str(10_000_000 + self.borrower * 7),
            "branch_code": self.branch_code,
            "loan_type_code": self.loan_type,
            "deposit_type_code": self.deposit_type,
            "loan_date": jalali.numeric(self.loan_date),
            "amount": f"{self.amount}.0000",
            "overdue_days": str(days),
            "overdue_installments": str(count),
            "overdue_amount": str(overdue),
            "outstanding_amount": str(max(overdue, self.amount * 6 // 10)),
            "last_payment_date": jalali.numeric(last_payment),
        }


def loan(seed: int, number: int, borrowers: int, customers: int, first_day: date, days: int) -> Loan:
    """Facility `number` of the bank; the first `borrowers` customers borrow, all may guarantee."""
    dice = random.Random(f"{seed}:loan:{number}")
    borrower = number % borrowers
    province = words.PROVINCES[borrower % len(words.PROVINCES)]
    place = borrower // len(words.PROVINCES) % len(province[4])
    branch_code = branch_code_of(province[0], place)
    loan_type = dice.choice(words.LOAN_TYPES)[0]
    roll, age = dice.random(), 0
    for share, least, most in _AGES:
        if roll < share:
            age = dice.randrange(least, most + 1)
            break
        roll -= share
    appears = 0 if dice.random() < 0.85 else dice.randrange(1, max(2, days))
    if appears:
        age = -appears + 1
    leaves = dice.randrange(2, max(3, days)) if dice.random() < 0.18 else -1
    if 0 <= leaves <= appears:
        leaves = -1
    returns = leaves + dice.randrange(5, 15) if leaves >= 0 and dice.random() < 0.25 else -1
    pays_on = dice.randrange(1, max(2, days)) if leaves < 0 and age > 65 and dice.random() < 0.15 else -1
    installment = dice.randrange(4, 120) * 500_000
    others = [dice.randrange(customers) for _ in range(dice.choice((0, 1, 1, 2, 2, 3)))]
    loan_date = first_day - timedelta(days=max(age, 0) + dice.randrange(200, 1400))
    return Loan(
        loan_no=f"{branch_code}-{loan_type}-{jalali.year_of(loan_date)}{10_000 + number}-{1 + number // borrowers}",
        borrower=borrower,
        guarantors=tuple(dict.fromkeys(other for other in others if other != borrower)),
        branch_code=branch_code,
        loan_type=loan_type,
        deposit_type=dice.choice(words.DEPOSIT_TYPES)[0] if dice.random() < 0.3 else "",
        loan_date=loan_date,
        amount=installment * dice.choice((12, 24, 36, 48, 60)),
        installment=installment,
        unpaid_from=first_day - timedelta(days=age),
        appears=appears,
        leaves=leaves,
        returns=returns,
        pays_on=pays_on,
        pays=dice.randrange(1, 3),
    )


def branch_code_of(province_code: str, place: int) -> str:
    """The code of a province's branch: 6140 and on for the first province, 7301 and on for the others."""
    return str(6140 + place) if province_code == "96" else f"{province_code}{place + 1:02d}"

"""Templates as SQL: `merge_fields.render`, but inside PostgreSQL, equal to the byte.

A facility's and a person's values are made once a row as they stand in a message (`v_…`, null where there is
none); a template is then one concat() of its pieces. Texts travel as bound parameters, never as SQL.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from vesal_shared.digits import LTR_MARK
from vesal_shared.merge_fields import FIELDS, Part, plan_pieces
from vesal_shared.money import SEPARATOR

_ASCII: Final = "0123456789"
_ARABIC: Final = "٠١٢٣٤٥٦٧٨٩"
_PERSIAN: Final = "۰۱۲۳۴۵۶۷۸۹"

#: The person's title; the same words for every channel. `p` is the addressed person.
GENDER_TITLE: Final = (
    "CASE WHEN p.legal_person THEN 'مدیریت محترم' WHEN p.gender = 'M' THEN 'جناب آقای' "
    "WHEN p.gender = 'F' THEN 'سرکار خانم' ELSE 'جناب آقای/سرکار خانم' END"
)

#: Where a field's plain value comes from: the facility's columns (alias `f` and its joins) …
FACILITY_VALUES: Final = {
    "borrower_first_name": "borrower.first_name",
    "borrower_last_name": "borrower.last_name",
    "customer_no": "borrower.customer_no",
    "loan_no": "f.loan_no",
    "overdue_days": "(CAST(:day AS date) - f.overdue_since)",
    "overdue_installments": "f.overdue_installments",
    "overdue_amount": "f.overdue_amount",
}
#: … the branch's (few rows, so made once a branch); …
BRANCH_VALUES: Final = {"branch": "b.title", "branch_address": "b.address"}
#: … the addressed person's; …
PERSON_VALUES: Final = {
    "gender_title": GENDER_TITLE,
    "guarantor_first_name": "p.first_name",
    "guarantor_last_name": "p.last_name",
}
#: … or the same for all.
CONSTANT_VALUES: Final = ("date",)


def shown(name: str, value: str) -> str:
    """The SQL of a field's value as it stands in a message: null where there is none.

    The twin of `merge_fields.show_value` for message channels.
    """
    kind = FIELDS[name].kind
    if kind == "text":
        # Names have no digits, as a rule, and asking is much cheaper than translating.
        return (
            f"CASE WHEN {value} ~ '[{_ASCII}{_ARABIC}]' THEN {_persian(value)} ELSE nullif({value}, '') END"
        )
    if kind == "money":
        grouped = f"to_char({value}, 'FM999,999,999,999,999,999,999')"
        digits = f"translate({grouped}, '{_ASCII},', '{_PERSIAN}{SEPARATOR}')"
    elif kind == "number":
        digits = f"translate({value}::text, '{_ASCII}', '{_PERSIAN}')"
    else:
        # Codes are ASCII since the edge; what isn't takes the long way.
        short = f"translate(nullif({value}, ''), '{_ASCII}', '{_PERSIAN}')"
        digits = f"CASE WHEN {value} ~ '[{_ARABIC}]' THEN {_persian(value)} ELSE {short} END"
    return f"'{LTR_MARK}' || {digits} || '{LTR_MARK}'"


def _persian(value: str) -> str:
    return f"translate({value}, '{_ASCII}{_ARABIC}', '{_PERSIAN}{_PERSIAN}')"


def used_fields(templates: Sequence[Sequence[Part]]) -> set[str]:
    """The merge fields that any of these templates names."""
    return {part.field for parts in templates for part in parts if part.field}


@dataclass(slots=True)
class Compiled:
    """Templates as one SQL expression over `s.template_no` and `s.v_…`, and the parameters that it needs."""

    sql: str
    parameters: dict[str, str] = field(default_factory=dict)


def compile_texts(templates: Sequence[Sequence[Part]]) -> Compiled:
    """Return the CASE that renders template number n of `templates` for message channels."""
    made = Compiled("''")
    branches = []
    for number, parts in enumerate(templates):
        arguments = [
            _piece(made, piece.text, piece.field, piece.before, piece.after)
            for piece in plan_pieces(parts, "sms")
        ]
        # concat() may be given at most a hundred arguments; longer ones are nested.
        while len(arguments) > 90:
            arguments = [_concat(arguments[i : i + 90]) for i in range(0, len(arguments), 90)]
        branches.append(f"WHEN {number} THEN btrim({_concat(arguments)}, ' ')")
    if branches:
        made.sql = f"CASE s.template_no {' '.join(branches)} ELSE '' END"
    return made


def _concat(arguments: Sequence[str]) -> str:
    return f"concat({', '.join(arguments)})" if arguments else "''"


def _piece(made: Compiled, text: str, name: str, before: str, after: str) -> str:
    if not name:
        key = f"text_{len(made.parameters)}"
        made.parameters[key] = text
        return f"CAST(:{key} AS text)"
    # Null swallows the spaces that belong to the field; concat() passes over null.
    value = f"s.v_{name}"
    value = f"'{before}' || {value}" if before else value
    return f"{value} || '{after}'" if after else value

"""Workflow files: what they may hold, that scalars stay text, and that what is written reads back the same."""

import json
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesal_server.workflows import files
from vesal_server.workflows.model import (
    CHANNELS,
    FOLLOW_UPS,
    ROLES,
    NotificationWorkflow,
    Template,
    VesalWorkflow,
    Workflow,
    canonical,
)
from vesal_shared import problems
from vesal_shared.merge_fields import FIELDS, Part
from vesal_shared.problems import Refusal
from vesal_shared.text import clean

CONTRACT = """
format: 1
notification_workflows:
  - title: یادآوری اول
    loan_types: ["307"]
    days: [1, 30]
    min_amount: 5000000
    branches: all            # or a list of codes
    channels: [sms, warning]
    recipients: [borrower, guarantor]
    per_day: 2
    start: "09:00"
    repeat_minutes: 120
    every_days: 1
    after_stage_days: null
    enabled: true
    templates:
      - {channel: sms, recipient: borrower, parts: [{text: "مشتری گرامی "}, {field: borrower_last_name}]}
      - {channel: call, recipient: borrower, audio: یادآوری}   # an audio file's title
vesal_workflows:
  - {title: تماس کارشناس, loan_types: ["307"], days: [15, 45], min_amount: 0, branches: all, follow_up: call,
     within_days: 5, sharing: manual, enabled: true}
"""

NOTIFICATION = NotificationWorkflow(
    title="یادآوری اول",
    loan_types=("307",),
    days_from=1,
    days_to=30,
    min_amount=5_000_000,
    branches=None,
    enabled=True,
    channels=("sms", "warning"),
    recipients=("borrower", "guarantor"),
    per_day=2,
    start=time(9),
    repeat_minutes=120,
    every_days=1,
    after_stage_days=None,
    templates=(
        Template("sms", "borrower", (Part(text="مشتری گرامی "), Part(field="borrower_last_name"))),
        Template("call", "borrower", audio="یادآوری"),
    ),
)
VESAL = VesalWorkflow(
    title="تماس کارشناس",
    loan_types=("307",),
    days_from=15,
    days_to=45,
    min_amount=0,
    branches=None,
    enabled=True,
    follow_up="call",
    within_days=5,
    sharing="manual",
)


def test_the_file_of_the_contract() -> None:
    assert files.parse(CONTRACT).workflows == (NOTIFICATION, VESAL)


def test_the_same_as_json() -> None:
    text = files.dump([NOTIFICATION, VESAL], as_json=True)
    plain = json.loads(text)
    assert plain["notification_workflows"][0]["days"] == [1, 30]
    assert files.parse(text, as_json=True).workflows == (NOTIFICATION, VESAL)


def notification_text(**changes: str) -> str:
    fields = {
        "title": "الف",
        "loan_types": '["307"]',
        "days": "[1, 30]",
        "channels": "[sms]",
        "recipients": "[borrower]",
        "start": '"09:00"',
    } | changes
    return (
        "format: 1\nnotification_workflows:\n  - {"
        + ", ".join(f"{k}: {v}" for k, v in fields.items())
        + "}\n"
    )


def only(text: str) -> NotificationWorkflow:
    (made,) = files.parse(text).workflows
    assert isinstance(made, NotificationWorkflow)
    return made


@pytest.mark.parametrize(
    ("written", "read"), [("9:00", time(9)), ("09:30", time(9, 30)), ("۱۰:۰۵", time(10, 5))]
)
def test_yaml_must_not_read_times_as_numbers(written: str, read: time) -> None:
    assert only(notification_text(start=written)).start == read


def test_codes_keep_their_zeros() -> None:
    made = only(notification_text(loan_types="[0307, 307]", branches="[010]"))
    assert (made.loan_types, made.branches) == (("0307", "307"), ("010",))


def test_what_is_left_out_has_its_default() -> None:
    made = only(notification_text())
    assert (made.min_amount, made.branches, made.per_day, made.every_days) == (0, None, 1, 1)
    assert (made.repeat_minutes, made.after_stage_days, made.enabled, made.templates) == (
        None,
        None,
        False,
        (),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"start": "25:00"},
        {"start": "9"},
        {"start": "09:0"},
        {"days": "[1]"},
        {"days": "30"},
        {"days": "[one, 30]"},
        {"days": "[1.5, 30]"},
        {"min_amount": "-1"},
        {"min_amount": "1e6"},
        {"min_amount": "99999999999999999999"},
        {"channels": "[fax]"},
        {"channels": "sms"},
        {"recipients": "[friend]"},
        {"enabled": "maybe"},
        {"branches": "some"},
        {"branches": "[]"},
        {"loan_types": "[]"},
        {"per_day": "many"},
        {"title": '""'},
        {"colour": "red"},
        {"templates": "[{channel: sms, recipient: borrower, parts: [{text: a, field: b}]}]"},
        {"templates": "[{channel: sms, recipient: borrower, parts: [a]}]"},
        {"templates": "[{channel: sms, recipient: borrower, audio: a}]"},
        {"templates": "[{channel: sms, recipient: borrower, subject: a, parts: [{text: a}]}]"},
        {"templates": "[{channel: call, recipient: borrower, parts: [{text: a}]}]"},
        {"templates": "[{channel: sms, recipient: borrower}, {channel: sms, recipient: borrower}]"},
        {"templates": "[{channel: sms}]"},
        {"templates": "[{channel: sms, recipient: borrower, colour: red}]"},
    ],
)
def test_refused_with_title_and_reason(changes: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        files.parse(notification_text(**changes))
    assert refused.value.problem is problems.WORKFLOW_BAD
    if "title" not in changes:
        assert "«الف»" in refused.value.title
    assert refused.value.params["why"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "format: 2", "a: 1", "format: 1\ncolour: red", "format: 1\nnotification_workflows: {}", "a: [",
     "format: 1\nnotification_workflows: [a]", "!!python/object/apply:os.system ['true']"],
)  # fmt: skip
def test_no_workflow_file(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        files.parse(text)
    assert refused.value.problem is problems.WORKFLOW_FILE_UNREADABLE


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 2}', '{"format": 1, "notification_workflows": [1]}']
)
def test_no_workflow_file_as_json(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        files.parse(text, as_json=True)
    assert refused.value.problem is problems.WORKFLOW_FILE_UNREADABLE


def test_unreadable_files(tmp_path: Path) -> None:
    binary = tmp_path / "a.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (binary, tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(Refusal) as refused:
            files.read(path)
        assert refused.value.problem is problems.WORKFLOW_FILE_UNREADABLE


def test_text_that_enters_is_normalised() -> None:
    made = only(
        notification_text(
            title='"ياد  آوري"',
            templates='[{channel: sms, recipient: borrower, parts: [{text: " كد "}, {field: loan_no}]}]',
        )
    )
    assert made.title == "یاد آوری"
    assert made.templates[0].parts == (Part(text=" کد "), Part(field="loan_no"))


WORDS = (
    st.text(alphabet=st.sampled_from("ابپ یک:\"'{}#-0۱\u200c"), min_size=1, max_size=12)
    .map(clean)
    .filter(bool)
)
CODES = st.lists(st.from_regex(r"[0-9]{1,5}", fullmatch=True), min_size=1, max_size=3, unique=True).map(tuple)
PARTS = st.lists(
    st.one_of(
        st.builds(Part, text=st.text(alphabet=st.sampled_from("اب :\n{}\"'#"), min_size=1, max_size=8)),
        st.builds(Part, field=st.sampled_from(sorted(FIELDS))),
    ),
    max_size=4,
).map(tuple)


def subset(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple)


COMMON = {
    "title": WORDS,
    "loan_types": CODES,
    "days_from": st.integers(0, 1000),
    "days_to": st.integers(0, 1000),
    "min_amount": st.integers(0, 10**17),
    "branches": st.none() | CODES,
    "enabled": st.booleans(),
}
TEMPLATES = st.lists(
    st.one_of(
        st.builds(Template, st.just("sms"), st.sampled_from(ROLES), PARTS),
        st.builds(Template, st.just("warning"), st.sampled_from(ROLES), PARTS, subject=st.just("") | WORDS),
        st.builds(Template, st.just("call"), st.sampled_from(ROLES), audio=st.just("") | WORDS),
    ),
    max_size=4,
    unique_by=lambda template: (template.channel, template.recipient),
).map(tuple)
WORKFLOWS = st.one_of(
    st.builds(
        NotificationWorkflow,
        **COMMON,
        channels=subset(CHANNELS),
        recipients=subset(ROLES),
        per_day=st.integers(0, 20),
        start=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        repeat_minutes=st.none() | st.integers(0, 2000),
        every_days=st.integers(0, 99),
        after_stage_days=st.none() | st.integers(0, 99),
        templates=TEMPLATES,
    ),
    st.builds(
        VesalWorkflow,
        **COMMON,
        follow_up=st.sampled_from(FOLLOW_UPS),
        within_days=st.integers(1, 99),
        sharing=st.sampled_from(["manual", "automatic"]),
    ),
).map(canonical)


@given(workflows=st.lists(WORKFLOWS, max_size=3), as_json=st.booleans())
def test_what_is_written_reads_back_the_same(workflows: list[Workflow], as_json: bool) -> None:
    read = files.parse(files.dump(workflows, as_json=as_json), as_json=as_json).workflows
    order = sorted(workflows, key=lambda one: isinstance(one, VesalWorkflow))
    assert list(read) == order

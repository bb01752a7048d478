"""The shipped templates: one for every channel and role, allowed by the same rules as anybody's."""

import pytest

from vesal_server.workflows.model import CHANNELS, ROLES
from vesal_server.workflows.templates import Deadlines, said, shipped
from vesal_shared.merge_fields import check, longest_text, render

TEXTS = [(channel, role) for channel in CHANNELS if channel != "call" for role in ROLES]


@pytest.mark.parametrize(("channel", "role"), TEXTS)
def test_every_channel_and_role_has_an_allowed_text(channel: str, role: str) -> None:
    text = shipped(channel, role, Deadlines())
    assert check(channel, role, text.parts) == []
    assert bool(text.subject) == (channel != "sms")
    assert longest_text(text.parts, channel) < (900 if channel == "sms" else 3000)
    # No marks of the file's own are left, nor what letters.md forbids.
    whole = "".join(part.text for part in text.parts)
    assert not set(whole) & set("{}[]«»()\u064b")


def test_the_call_names_an_audio_file() -> None:
    assert shipped("call", "borrower", Deadlines()).audio == "پیام پیش‌فرض"


def test_an_own_template_wins_and_an_empty_subject_is_the_shipped_one() -> None:
    own = said("warning", "borrower", [{"text": "متن"}], None, "", Deadlines())
    assert (render(own.parts, {}, "warning"), own.subject) == ("متن", "اخطاریه")
    assert said("warning", "borrower", [{"text": "متن"}], None, "موضوع", Deadlines()).subject == "موضوع"
    assert said("call", "borrower", None, "عنوان", "", Deadlines()).audio == "عنوان"


def test_a_guarantor_is_told_nothing_more_of_the_borrower() -> None:
    for channel, role in TEXTS:
        if role == "guarantor":
            fields = {part.field for part in shipped(channel, role, Deadlines()).parts}
            assert not fields & {"customer_no", "overdue_installments"}

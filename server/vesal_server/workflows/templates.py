"""Templates: the shipped ones, and whether one may be saved."""

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from vesal_server.workflows.model import CHANNEL_LABELS, ROLE_LABELS, NotificationWorkflow, Template
from vesal_shared import merge_fields, problems
from vesal_shared.digits import persian_digits
from vesal_shared.merge_fields import FIELDS, Fault, Part
from vesal_shared.money import in_words
from vesal_shared.problems import Refusal

_MARKED: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The days that the shipped letters give: to come with an introduction letter, to pay after a warning."""

    introduction_days: int = 7
    warning_days: int = 10


@dataclass(frozen=True, slots=True)
class Text:
    """What is said on one channel to one role: parts, or for calls the title of an audio file."""

    parts: tuple[Part, ...] = ()
    subject: str = ""
    audio: str = ""


def resource(name: str) -> str:
    """The text of a shipped file."""
    return files("vesal_resources").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _shipped() -> Mapping[str, Any]:
    """The shipped templates; the file is part of the installation, so it is read once a process."""
    plain: Mapping[str, Any] = yaml.load(resource("default_templates.yaml"), Loader=yaml.BaseLoader)  # noqa: S506
    return plain


def shipped_audio() -> str:
    """The title of the shipped call."""
    return str(_shipped()["call_audio"])


@cache
def shipped(channel: str, role: str, deadlines: Deadlines) -> Text:
    """What is said where a workflow has no template of its own."""
    if channel == "call":
        return Text(audio=shipped_audio())
    entries = _shipped()["templates"]
    entry = next(one for one in entries if (one["channel"], one["recipient"]) == (channel, role))
    text = entry.get("text") or "\n".join(entry["paragraphs"])
    for name, days in asdict(deadlines).items():
        text = text.replace(f"{{{name}}}", in_words(days))
    return Text(from_marked(text), entry.get("subject", ""))


def from_marked(text: str) -> tuple[Part, ...]:
    """The parts of a text whose fields stand in braces."""
    pieces = _MARKED.split(text)
    # split() gives text and field names by turns.
    parts = [Part(field=piece) if index % 2 else Part(text=piece) for index, piece in enumerate(pieces)]
    return tuple(part for part in parts if part.text or part.field)


def said(channel: str, role: str, parts: Any, audio: str | None, subject: str, deadlines: Deadlines) -> Text:
    """What a workflow says: its stored template (`parts` as the table holds them), completed by the shipped one."""
    default = shipped(channel, role, deadlines)
    if channel == "call":
        return Text(audio=audio or default.audio)
    if parts is None:
        return Text(default.parts, subject or default.subject)
    own = tuple(Part(text=part.get("text", ""), field=part.get("field", "")) for part in parts)
    return Text(own, subject or default.subject)


def check(workflow: NotificationWorkflow, audio: Collection[str], sms_longest: int | None) -> None:
    """Refuse a workflow for a template of its channels and roles: emptied, a field it may not hold, too long.

    `audio` are the titles of the stored audio files; `sms_longest` what the gateway takes, if it has a limit.
    """
    for template in workflow.templates:
        chosen = template.channel in workflow.channels and template.recipient in workflow.recipients
        shown = _shown(workflow, template)
        if template.channel == "call":
            if chosen and template.audio and template.audio not in {*audio, shipped_audio()}:
                raise Refusal(
                    problems.WORKFLOW_UNKNOWN_AUDIO,
                    params={"title": workflow.title, "audio": template.audio},
                )
            continue
        for fault in merge_fields.check(template.channel, template.recipient, template.parts):
            if fault.code != "empty":
                raise Refusal(problems.TEMPLATE_BAD, params=shown | {"why": _why(fault)})
            if chosen:
                raise Refusal(problems.TEMPLATE_EMPTY, params=shown)
        length = merge_fields.longest_text(template.parts, template.channel)
        if template.channel == "sms" and chosen and sms_longest is not None and length > sms_longest:
            raise Refusal(
                problems.TEMPLATE_TOO_LONG,
                params=shown | {"length": persian_digits(length), "max": persian_digits(sms_longest)},
            )


def _shown(workflow: NotificationWorkflow, template: Template) -> dict[str, object]:
    return {
        "title": workflow.title,
        "channel": CHANNEL_LABELS[template.channel],
        "role": ROLE_LABELS[template.recipient],
    }


def _why(fault: Fault) -> str:
    field = FIELDS.get(fault.field)
    name = f"«{field.label}» ({fault.field})" if field else f"«{fault.field}»"
    return {
        "unknown_field": f"فیلد {name} شناخته نیست.",
        "field_not_for_role": f"فیلد {name} برای این گیرنده مجاز نیست.",
        "letters_only": f"فیلد {name} تنها در نامه‌ها به کار می‌رود.",
    }[fault.code]

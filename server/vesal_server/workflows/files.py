"""Workflow files: both kinds as YAML or JSON, read into plain workflows and written back."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from vesal_server.workflows.entries import Dumper, plain
from vesal_server.workflows.fields import MAX_NUMBER, NULL, Fields, Wrong, listed
from vesal_server.workflows.model import (
    CHANNELS,
    FOLLOW_UPS,
    ROLES,
    SHARINGS,
    NotificationWorkflow,
    Template,
    VesalWorkflow,
    Workflow,
    canonical,
    kind_of,
)
from vesal_shared import problems
from vesal_shared.merge_fields import Part
from vesal_shared.problems import Refusal
from vesal_shared.text import clean, clean_piece

FORMAT: Final = "1"
#: A file larger than this is no bank's workflows.
MAX_BYTES: Final = 8_000_000
MAX_TITLE: Final = 200


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """All workflows of a file, in its order."""

    workflows: tuple[Workflow, ...] = ()
    #: Titles of workflows whose `loan_types` is «all»: every active loan type at the time of the import.
    all_loan_types: frozenset[str] = field(default_factory=frozenset)


def read(path: Path) -> WorkflowFile:
    """Read a workflow file; Refusal `workflow_file_unreadable` or `workflow_bad` with the workflow's title."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unreadable("فایل بیش از اندازه بزرگ است.")
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _unreadable(f"«{path}» باز نشد.") from error
    except UnicodeDecodeError as error:
        raise _unreadable("متن فایل UTF-8 نیست.") from error
    return parse(content, as_json=path.suffix.lower() == ".json")


def parse(content: str, *, as_json: bool = False) -> WorkflowFile:
    """Read the text of a workflow file; refusals as in `read`.

    Every scalar is read as text and made a number or a truth here: YAML by itself reads 9:00 as 540 and
    0307 as 199, and a loan type's code would lose its zeros.
    """
    plain = _load(content, as_json=as_json)
    if not isinstance(plain, dict):
        raise _unreadable("فایل باید format، notification_workflows و vesal_workflows داشته باشد.")
    unknown = plain.keys() - {"format", "notification_workflows", "vesal_workflows"}
    if unknown:
        raise _unreadable(f"فیلد ناشناخته: {listed(unknown)}")
    if plain.get("format") != FORMAT:
        raise _unreadable("format باید 1 باشد.")
    made: list[Workflow] = []
    every: set[str] = set()
    for key, reader in (("notification_workflows", _notification), ("vesal_workflows", _vesal)):
        for ordinal, entry in enumerate(_entries(plain.get(key), key), start=1):
            made.append(_one(entry, f"{key} {ordinal}", reader))
            if entry.get("loan_types") == "all":
                every.add(made[-1].title)
    return WorkflowFile(tuple(made), frozenset(every))


def write(workflows: Iterable[Workflow], path: Path) -> None:
    """Write workflows to a file that `read` takes back: JSON for .json, else YAML."""
    content = dump(workflows, as_json=path.suffix.lower() == ".json")
    path.write_text(content, encoding="utf-8", newline="\n")


def dump(workflows: Iterable[Workflow], *, as_json: bool = False) -> str:
    """Return the text of a workflow file."""
    both: dict[str, Any] = {"format": 1, "notification_workflows": [], "vesal_workflows": []}
    for workflow in workflows:
        both[f"{kind_of(workflow)}_workflows"].append(plain(workflow))
    if as_json:
        return json.dumps(both, ensure_ascii=False, indent=2) + "\n"
    text: str = yaml.dump(both, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text


def _load(content: str, *, as_json: bool) -> Any:
    try:
        if as_json:
            return _as_texts(json.loads(content, parse_int=str, parse_float=str, parse_constant=str))
        # BaseLoader knows only texts, lists and maps; it makes no objects.
        return yaml.load(content, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader is the safest there is
    except json.JSONDecodeError as error:
        raise _unreadable(f"JSON درستی نیست (سطر {error.lineno}).") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _unreadable(f"YAML درستی نیست (سطر {line}).") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise _unreadable("YAML یا JSON درستی نیست.") from error


def _as_texts(value: Any) -> Any:
    """Make JSON's truths and nulls the texts that YAML has for them, so that one reader serves both."""
    if isinstance(value, dict):
        return {key: _as_texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_texts(inner) for inner in value]
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _entries(value: Any, key: str) -> list[dict[str, Any]]:
    if value is None or (isinstance(value, str) and value in NULL):
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise _unreadable(f"{key} باید فهرستی از گردش‌های کار باشد.")
    return value


def _one(entry: dict[str, Any], place: str, reader: Callable[["Fields"], Workflow]) -> Workflow:
    title = entry.get("title")
    shown = clean(title) if isinstance(title, str) and title.strip() else place
    fields = Fields(entry)
    try:
        made = reader(fields)
        fields.nothing_left()
        return canonical(made)
    except Wrong as wrong:
        raise Refusal(problems.WORKFLOW_BAD, params={"title": shown, "why": str(wrong)}) from wrong


def _common(fields: Fields) -> dict[str, Any]:
    title = clean(fields.text("title"))
    if not title or len(title) > MAX_TITLE:
        raise Wrong(f"title باید ۱ تا {MAX_TITLE} نویسه باشد.")
    days_from, days_to = fields.span("days")
    return {
        "title": title,
        "loan_types": fields.codes("loan_types") or (),
        "days_from": days_from,
        "days_to": days_to,
        "min_amount": fields.number("min_amount", 0, 0, MAX_NUMBER),
        "branches": fields.codes("branches", default="all"),
        "enabled": fields.flag("enabled", default=False),
    }


def _notification(fields: Fields) -> Workflow:
    return NotificationWorkflow(
        **_common(fields),
        channels=fields.words("channels", CHANNELS),
        recipients=fields.words("recipients", ROLES),
        per_day=fields.number("per_day", 1, 0),
        start=fields.clock("start"),
        repeat_minutes=fields.maybe_number("repeat_minutes", 0),
        every_days=fields.number("every_days", 1, 0),
        after_stage_days=fields.maybe_number("after_stage_days", 0),
        templates=_templates(fields.entries("templates")),
    )


def _vesal(fields: Fields) -> Workflow:
    return VesalWorkflow(
        **_common(fields),
        follow_up=fields.word("follow_up", FOLLOW_UPS),
        within_days=fields.number("within_days", None, 1),
        sharing=fields.word("sharing", SHARINGS),
    )


def _templates(entries: list[Any]) -> tuple[Template, ...]:
    made: list[Template] = []
    for entry in entries:
        if not isinstance(entry, dict):
            raise Wrong("templates باید فهرستی از الگوها باشد.")
        fields = Fields(entry)
        has_parts = "parts" in entry
        template = Template(
            channel=fields.word("channel", CHANNELS),
            recipient=fields.word("recipient", ROLES),
            parts=tuple(_part(part) for part in fields.entries("parts")),
            audio=clean(_no_null(fields.text("audio", ""))),
            subject=clean(_no_null(fields.text("subject", ""))),
        )
        fields.nothing_left()
        if template.channel == "call" and has_parts:
            raise Wrong("الگوی تماس تلفنی متن ندارد؛ audio عنوان یک فایل صوتی است.")
        if template.channel != "call" and template.audio:
            raise Wrong("audio تنها برای تماس تلفنی است.")
        if template.channel in {"sms", "call"} and template.subject:
            raise Wrong("subject برای پیامک و تماس تلفنی نیست.")
        if any((t.channel, t.recipient) == (template.channel, template.recipient) for t in made):
            raise Wrong(f"الگوی {template.channel} و {template.recipient} دو بار آمده است.")
        made.append(template)
    return tuple(made)


def _part(part: Any) -> Part:
    if isinstance(part, dict) and len(part) == 1:
        ((kind, value),) = part.items()
        if kind in {"text", "field"} and isinstance(value, str):
            return Part(text=clean_piece(value)) if kind == "text" else Part(field=value.strip())
    raise Wrong("هر بخش الگو باید {text: …} یا {field: …} باشد.")


def _no_null(value: str) -> str:
    return "" if value in NULL else value


def _unreadable(why: str) -> Refusal:
    return Refusal(problems.WORKFLOW_FILE_UNREADABLE, params={"why": why})

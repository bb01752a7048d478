"""Workflow files: both kinds as YAML or JSON, read into plain workflows and written back."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

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
    plain_part,
)
from vesal_shared import problems
from vesal_shared.digits import ascii_digits
from vesal_shared.merge_fields import Part
from vesal_shared.problems import Refusal
from vesal_shared.text import clean, clean_piece

FORMAT: Final = "1"
#: A file larger than this is no bank's workflows.
MAX_BYTES: Final = 8_000_000
MAX_TITLE: Final = 200
#: No number of a workflow is larger; amounts are whole rials.
MAX_NUMBER: Final = 10**18 - 1
#: Days, minutes and the like stand in 32-bit columns.
MAX_COUNT: Final = 1_000_000

_TRUE: Final = {"true", "yes", "on"}
_FALSE: Final = {"false", "no", "off"}
_NULL: Final = {"", "null", "~"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """All workflows of a file, in its order."""

    workflows: tuple[Workflow, ...] = ()
    #: Titles of workflows whose `loan_types` is «all»: every active loan type at the time of the import.
    all_loan_types: frozenset[str] = field(default_factory=frozenset)


class _Wrong(Exception):
    """A value that can't be taken; the sentence says which and why."""


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
        raise _unreadable(f"فیلد ناشناخته: {_listed(unknown)}")
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
    text: str = yaml.dump(both, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text


def plain(workflow: Workflow) -> dict[str, Any]:
    """Return a workflow as its entry in a file."""
    if isinstance(workflow, NotificationWorkflow):
        return _notification_plain(workflow)
    if isinstance(workflow, VesalWorkflow):
        return _vesal_plain(workflow)
    raise TypeError(type(workflow).__name__)


# Reading


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
    if value is None or (isinstance(value, str) and value in _NULL):
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise _unreadable(f"{key} باید فهرستی از گردش‌های کار باشد.")
    return value


def _one(entry: dict[str, Any], place: str, reader: Callable[["_Fields"], Workflow]) -> Workflow:
    title = entry.get("title")
    shown = clean(title) if isinstance(title, str) and title.strip() else place
    fields = _Fields(entry)
    try:
        made = reader(fields)
        fields.nothing_left()
        return canonical(made)
    except _Wrong as wrong:
        raise Refusal(problems.WORKFLOW_BAD, params={"title": shown, "why": str(wrong)}) from wrong


class _Fields:
    """The fields of one entry, each taken once; what nobody took is unknown."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        self._left = dict(entry)

    def nothing_left(self) -> None:
        if self._left:
            raise _Wrong(f"فیلد ناشناخته: {_listed(self._left)}")

    def text(self, name: str, default: str | None = None) -> str:
        value = self._left.pop(name, default)
        if value is None:
            raise _Wrong(f"{name} لازم است.")
        if not isinstance(value, str):
            raise _Wrong(f"{name} باید متن باشد.")
        return value

    def number(self, name: str, default: int | None, lowest: int, highest: int = MAX_COUNT) -> int:
        value = self.maybe_number(name, lowest, highest)
        if value is not None:
            return value
        if default is None:
            raise _Wrong(f"{name} لازم است.")
        return default

    def maybe_number(self, name: str, lowest: int, highest: int = MAX_COUNT) -> int | None:
        value = self._left.pop(name, None)
        if value is None or (isinstance(value, str) and value in _NULL):
            return None
        return _number(name, value, lowest, highest)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._left.pop(name, None)
        if value is None:
            return default
        word = str(value).strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise _Wrong(f"{name} باید true یا false باشد.")

    def clock(self, name: str) -> time:
        given = ascii_digits(self.text(name)).strip()
        hour, _, minute = given.partition(":")
        if not (_digits(hour, 2) and len(minute) == 2 and _digits(minute, 2)):
            raise _Wrong(f"{name} باید ساعتی مانند 09:00 باشد.")
        try:
            return time(int(hour), int(minute))
        except ValueError as error:
            raise _Wrong(f"{name} باید ساعتی مانند 09:00 باشد.") from error

    def words(self, name: str, known: Sequence[str]) -> tuple[str, ...]:
        value = self._left.pop(name, [])
        if value in _NULL if isinstance(value, str) else False:
            value = []
        if not isinstance(value, list):
            raise _Wrong(f"{name} باید فهرست باشد.")
        for word in value:
            _known(name, word, known)
        return tuple(dict.fromkeys(value))

    def word(self, name: str, known: Sequence[str]) -> str:
        return _known(name, self.text(name), known)

    def codes(self, name: str, *, default: str | None = None) -> tuple[str, ...] | None:
        """The listed codes; None for «all»."""
        value = self._left.pop(name, default)
        if value == "all":
            return None
        if not isinstance(value, list) or not value or not all(isinstance(code, str) for code in value):
            raise _Wrong(f"{name} باید all یا فهرستی از کدها باشد.")
        return tuple(dict.fromkeys(ascii_digits(code).strip() for code in value))

    def span(self, name: str) -> tuple[int, int]:
        value = self._left.pop(name, None)
        if not isinstance(value, list) or len(value) != 2:
            raise _Wrong(f"{name} باید دو عدد باشد: [از، تا].")
        return _number(name, value[0], 0, MAX_COUNT), _number(name, value[1], 0, MAX_COUNT)

    def entries(self, name: str) -> list[Any]:
        value = self._left.pop(name, None)
        if value is None or (isinstance(value, str) and value in _NULL):
            return []
        if not isinstance(value, list):
            raise _Wrong(f"{name} باید فهرست باشد.")
        return value


def _common(fields: _Fields) -> dict[str, Any]:
    title = clean(fields.text("title"))
    if not title or len(title) > MAX_TITLE:
        raise _Wrong(f"title باید ۱ تا {MAX_TITLE} نویسه باشد.")
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


def _notification(fields: _Fields) -> Workflow:
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


def _vesal(fields: _Fields) -> Workflow:
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
            raise _Wrong("templates باید فهرستی از الگوها باشد.")
        fields = _Fields(entry)
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
            raise _Wrong("الگوی تماس تلفنی متن ندارد؛ audio عنوان یک فایل صوتی است.")
        if template.channel != "call" and template.audio:
            raise _Wrong("audio تنها برای تماس تلفنی است.")
        if template.channel in {"sms", "call"} and template.subject:
            raise _Wrong("subject برای پیامک و تماس تلفنی نیست.")
        if any((t.channel, t.recipient) == (template.channel, template.recipient) for t in made):
            raise _Wrong(f"الگوی {template.channel} و {template.recipient} دو بار آمده است.")
        made.append(template)
    return tuple(made)


def _part(part: Any) -> Part:
    if isinstance(part, dict) and len(part) == 1:
        ((kind, value),) = part.items()
        if kind in {"text", "field"} and isinstance(value, str):
            return Part(text=clean_piece(value)) if kind == "text" else Part(field=value.strip())
    raise _Wrong("هر بخش الگو باید {text: …} یا {field: …} باشد.")


def _no_null(value: str) -> str:
    return "" if value in _NULL else value


def _known(name: str, word: Any, known: Sequence[str]) -> str:
    if word not in known:
        raise _Wrong(f"{name}: «{word}» شناخته نیست؛ یکی از {'، '.join(known)}.")
    return str(word)


def _digits(given: str, longest: int) -> bool:
    return given.isascii() and given.isdigit() and len(given) <= longest


def _number(name: str, value: Any, lowest: int, highest: int) -> int:
    given = ascii_digits(value).strip() if isinstance(value, str) else ""
    if not _digits(given.removeprefix("-"), 19) or not lowest <= int(given) <= highest:
        raise _Wrong(f"{name} باید عددی صحیح بین {lowest} و {highest} باشد.")
    return int(given)


def _listed(names: Iterable[str]) -> str:
    return "، ".join(sorted(str(name) for name in names))


def _unreadable(why: str) -> Refusal:
    return Refusal(problems.WORKFLOW_FILE_UNREADABLE, params={"why": why})


# Writing


class _Code(str):
    """A text that another YAML reader could take for a number: always written in quotes."""

    __slots__ = ()


class _Row(list[Any]):
    """A list that is written on one line."""

    __slots__ = ()


class _Line(dict[str, Any]):
    """A map that is written on one line."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Block style, with codes in quotes and short lists on their line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001
        super().increase_indent(flow, False)


_Dumper.add_representer(
    _Code, lambda dumper, code: dumper.represent_scalar("tag:yaml.org,2002:str", code, style='"')
)
_Dumper.add_representer(
    _Row, lambda dumper, row: dumper.represent_sequence("tag:yaml.org,2002:seq", row, flow_style=True)
)
_Dumper.add_representer(
    _Line, lambda dumper, line: dumper.represent_mapping("tag:yaml.org,2002:map", line, flow_style=True)
)


def _common_plain(workflow: Workflow) -> dict[str, Any]:
    return {
        "title": workflow.title,
        "loan_types": _Row(_Code(code) for code in workflow.loan_types),
        "days": _Row((workflow.days_from, workflow.days_to)),
        "min_amount": workflow.min_amount,
        "branches": "all" if workflow.branches is None else _Row(_Code(code) for code in workflow.branches),
    }


def _notification_plain(workflow: NotificationWorkflow) -> dict[str, Any]:
    return {
        **_common_plain(workflow),
        "channels": _Row(workflow.channels),
        "recipients": _Row(workflow.recipients),
        "per_day": workflow.per_day,
        "start": _Code(workflow.start.strftime("%H:%M")),
        "repeat_minutes": workflow.repeat_minutes,
        "every_days": workflow.every_days,
        "after_stage_days": workflow.after_stage_days,
        "enabled": workflow.enabled,
        "templates": [_template_plain(template) for template in workflow.templates],
    }


def _vesal_plain(workflow: VesalWorkflow) -> dict[str, Any]:
    return {
        **_common_plain(workflow),
        "follow_up": workflow.follow_up,
        "within_days": workflow.within_days,
        "sharing": workflow.sharing,
        "enabled": workflow.enabled,
    }


def _template_plain(template: Template) -> dict[str, Any]:
    plain: dict[str, Any] = {"channel": template.channel, "recipient": template.recipient}
    if template.subject:
        plain["subject"] = template.subject
    if template.channel == "call":
        plain["audio"] = template.audio
    else:
        plain["parts"] = [
            _Line({k: _Code(v) for k, v in plain_part(part).items()}) for part in template.parts
        ]
    return plain

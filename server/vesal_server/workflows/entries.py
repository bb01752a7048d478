"""Workflows as their entries in a file, and how YAML writes them."""

from typing import Any

import yaml

from vesal_server.workflows.model import (
    NotificationWorkflow,
    Template,
    VesalWorkflow,
    Workflow,
    plain_part,
)


def plain(workflow: Workflow) -> dict[str, Any]:
    """Return a workflow as its entry in a file."""
    if isinstance(workflow, NotificationWorkflow):
        return _notification_plain(workflow)
    if isinstance(workflow, VesalWorkflow):
        return _vesal_plain(workflow)
    raise TypeError(type(workflow).__name__)


class _Code(str):
    """A text that another YAML reader could take for a number: always written in quotes."""

    __slots__ = ()


class _Row(list[Any]):
    """A list that is written on one line."""

    __slots__ = ()


class _Line(dict[str, Any]):
    """A map that is written on one line."""

    __slots__ = ()


class Dumper(yaml.SafeDumper):
    """Block style, with codes in quotes and short lists on their line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001
        """Indent the entries of a list below its name."""
        super().increase_indent(flow, False)


Dumper.add_representer(
    _Code, lambda dumper, code: dumper.represent_scalar("tag:yaml.org,2002:str", code, style='"')
)
Dumper.add_representer(
    _Row, lambda dumper, row: dumper.represent_sequence("tag:yaml.org,2002:seq", row, flow_style=True)
)
Dumper.add_representer(
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

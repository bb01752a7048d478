"""All the SQL of dispatch: messages and who holds them, channels, delivery."""

from vesal_server.dispatch.queries.channels import (
    is_stopped,
    probe_now,
    reopen_channel,
    stop_channel,
    win_probe,
)
from vesal_server.dispatch.queries.delivery import (
    put_off_reports,
    record_reports,
    to_report,
)
from vesal_server.dispatch.queries.messages import (
    Claimed,
    Settlement,
    claim,
    count_unknown,
    doubts_left,
    expire,
    has_due,
    living,
    owners,
    renew,
    settle,
    still_ours,
    strand,
    take_doubts,
    waiting,
)

__all__ = [
    "Claimed",
    "Settlement",
    "claim",
    "count_unknown",
    "doubts_left",
    "expire",
    "has_due",
    "is_stopped",
    "living",
    "owners",
    "probe_now",
    "put_off_reports",
    "record_reports",
    "renew",
    "reopen_channel",
    "settle",
    "still_ours",
    "stop_channel",
    "strand",
    "take_doubts",
    "to_report",
    "waiting",
    "win_probe",
]

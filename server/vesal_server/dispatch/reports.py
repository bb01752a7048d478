"""Delivery reports: how far accepted messages have come, asked with growing pauses while the gateway knows."""

from datetime import timedelta

from sqlalchemy import Connection

from vesal_server.dispatch import queries
from vesal_server.dispatch.options import Options
from vesal_server.gateways.base import Delivery, Gateway
from vesal_server.kit.clock import Clock, tehran_day

_STATUS = {Delivery.DELIVERED: "delivered", Delivery.UNDELIVERED: "undelivered"}


def collect(session: Connection, channel: str, gateway: Gateway, options: Options, clock: Clock) -> int:
    """Ask about every message whose turn it is; how many are settled by it.

    A message that the gateway lost track of stays `sent`: that it was accepted is all that is known.
    """
    window = gateway.features.reports
    if window is None:
        return 0
    settled = 0
    now = clock.now()
    pause = timedelta(seconds=min(options.report_longest_s, options.report_first_s * 10))
    while True:
        rows = queries.to_report(
            session,
            channel=channel,
            gateway=gateway.features.name,
            since=tehran_day(now - window),
            now=now,
            size=gateway.features.report_batch,
        )
        if not rows:
            return settled
        by_id = {gateway_id: (day, number) for day, number, gateway_id in rows}
        known = {report.gateway_id: report for report in gateway.reports(list(by_id))}
        final = [
            (*by_id[one], _STATUS[report.delivery], report.code)
            for one, report in known.items()
            if one in by_id and report.delivery in _STATUS
        ]
        lost = [
            by_id[one]
            for one, report in known.items()
            if one in by_id and report.delivery is Delivery.LOST_TRACK
        ]
        done = {(day, number) for day, number, *_ in final} | set(lost)
        later = [key for key in by_id.values() if key not in done]
        if final:
            queries.record_reports(session, final, now)
        if lost:
            queries.put_off_reports(session, lost, None)
        if later:
            queries.put_off_reports(session, later, now + pause)
        settled += len(final)
        if not known:
            # The gateway did not answer: what is left waits for the next round.
            return settled

"""Channels that may not send now: stopped, probed by one worker at a time, opened again."""

from datetime import datetime

from sqlalchemy import Connection, text

from vesal_server.dispatch.queries.running import run


def stop_channel(
    session: Connection, channel: str, code: str, reason: str, now: datetime, pause_s: float
) -> bool:
    """Stop a channel, or put its next probe off; True where it was open until now."""
    row = run(
        session,
        text(
            "INSERT INTO channel_stop (channel, code, reason, since, probe_at) "
            "VALUES (:channel, :code, :reason, :now, CAST(:now AS timestamptz) + make_interval(secs => :pause)) "
            "ON CONFLICT (channel) DO UPDATE SET code = excluded.code, reason = excluded.reason, "
            "probe_at = excluded.probe_at RETURNING xmax = 0 AS fresh"
        ),
        {"channel": channel, "code": code, "reason": reason, "now": now, "pause": pause_s},
    ).one()
    return bool(row.fresh)


def is_stopped(session: Connection, channel: str) -> bool:
    """Whether a channel is stopped."""
    return bool(
        run(
            session,
            text("SELECT EXISTS (SELECT 1 FROM channel_stop WHERE channel = :channel)"),
            {"channel": channel},
        ).scalar()
    )


def win_probe(session: Connection, channel: str, now: datetime, pause_s: float) -> bool:
    """Whether this worker may try one message on a stopped channel; one worker at a time wins that."""
    row = run(
        session,
        text(
            "UPDATE channel_stop SET probe_at = CAST(:now AS timestamptz) + make_interval(secs => :pause) "
            "WHERE channel = :channel AND probe_at <= :now RETURNING channel"
        ),
        {"channel": channel, "now": now, "pause": pause_s},
    ).first()
    return row is not None


def probe_now(session: Connection, channel: str, now: datetime) -> None:
    """Let the next worker probe a stopped channel at once (a person asked for it, or changed its settings)."""
    run(
        session,
        text("UPDATE channel_stop SET probe_at = :now WHERE channel = :channel"),
        {"channel": channel, "now": now},
    )


def reopen_channel(session: Connection, channel: str) -> bool:
    """Let a stopped channel go on; True where it was stopped."""
    return bool(
        run(session, text("DELETE FROM channel_stop WHERE channel = :channel"), {"channel": channel}).rowcount
    )

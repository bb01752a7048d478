"""The SQL of issuing letters and of what later events make of them."""

# Statements are put together from constants of this package; whatever comes from outside is bound.

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from vesal_server.kit.db import raw

#: 63 random bits, as planning makes them for messages.
_REFERENCE = "((floor(random() * 2147483648)::bigint << 32) | floor(random() * 4294967296)::bigint)"


def take_numbers(connection: Connection, year: int) -> int:
    """Number the letters of `plan_letter` without a reason, in its order, per branch; says how many."""
    statement = text(
        """
        WITH wanted AS (
            SELECT branch_code, count(*) AS letters FROM plan_letter
            WHERE reason IS NULL GROUP BY branch_code ORDER BY branch_code
        ), taken AS (
            INSERT INTO letter_counter AS c (branch_code, year, last)
            SELECT branch_code, :year, letters FROM wanted ORDER BY branch_code
            ON CONFLICT (branch_code, year) DO UPDATE SET last = c.last + excluded.last
            RETURNING branch_code, last
        ), placed AS (
            SELECT ordinal, branch_code, row_number() OVER (PARTITION BY branch_code ORDER BY ordinal) AS place
            FROM plan_letter WHERE reason IS NULL
        )
        UPDATE plan_letter AS p SET number_seq = taken.last - wanted.letters + placed.place
        FROM placed
            JOIN taken ON taken.branch_code = placed.branch_code
            JOIN wanted ON wanted.branch_code = placed.branch_code
        WHERE p.ordinal = placed.ordinal
        """
    )
    return connection.execute(statement, {"year": year}).rowcount


def to_issue(connection: Connection, batch: int) -> Iterator[Sequence[Row[Any]]]:
    """The numbered letters of `plan_letter` with all that their content needs, in batches."""
    query = text(
        """
        SELECT l.ordinal, l.workflow_id, l.channel, l.role, l.days, l.stage, l.number_seq, l.branch_code,
            f.loan_no, coalesce(f.overdue_installments, 0) AS overdue_installments,
            coalesce(f.overdue_installments::text, '') AS installments_text, f.overdue_amount,
            borrower.customer_no, borrower.first_name AS borrower_first_name,
            borrower.last_name AS borrower_last_name,
            p.customer_no AS person_customer_no, p.first_name, p.last_name, p.father_name, p.national_id,
            p.birth_certificate_no, p.gender, p.legal_person, p.mobile, p.address,
            b.title AS branch_title, b.address AS branch_address, b.phone AS branch_phone,
            b.postal_code AS branch_postal_code, b.head_name, b.head_post, b.head_national_id,
            (SELECT count(*) FROM guarantor AS g
                WHERE g.facility_id = f.id AND g.ended_on IS NULL) AS guarantors
        FROM plan_letter AS l
            JOIN facility AS f ON f.id = l.facility_id
            JOIN customer_now AS borrower ON borrower.id = f.customer_id
            JOIN customer_now AS p ON p.id = l.customer_id
            JOIN branch AS b ON b.code = l.branch_code
        WHERE l.reason IS NULL
        ORDER BY l.ordinal
        """
    )
    result = connection.execute(query, execution_options={"yield_per": batch})
    yield from result.partitions(batch)


def make_contents(connection: Connection) -> None:
    """Make the temporary table that takes the contents of the letters to be issued."""
    connection.execute(text("DROP TABLE IF EXISTS plan_letter_content"))
    connection.execute(
        text(
            "CREATE TEMP TABLE plan_letter_content (ordinal integer PRIMARY KEY, number text, content jsonb, "
            "addressee text, search text) ON COMMIT DROP"
        )
    )


def put_contents(connection: Connection, rows: Iterable[tuple[int, str, str, str, str]]) -> None:
    """Store (ordinal, number, content as JSON, addressee, search key) of letters to be issued."""
    statement = "COPY plan_letter_content (ordinal, number, content, addressee, search) FROM STDIN"
    with raw(connection).cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def write(connection: Connection, day: date, year: int, now: datetime) -> None:
    """Write the letters of `plan_letter`: issued with their content, or suppressed; each issue is an event."""
    columns = """facility_id, episode_id, workflow_id, channel, role, person_id, customer_id, day, due_at, status,
        reason, branch_code, number, number_branch, number_year, number_seq, stage, reference, issued_at, content,
        addressee, search"""
    again = (
        "facility_id", "customer_id", "day", "due_at", "status", "reason", "branch_code", "number",
        "number_branch", "number_year", "number_seq", "stage", "issued_at", "content", "addressee", "search",
    )  # fmt: skip
    changes = ", ".join(f"{column} = excluded.{column}" for column in again)
    statement = text(
        f"""
        WITH written AS (
            INSERT INTO letter ({columns})
            SELECT p.facility_id, p.episode_id, p.workflow_id, p.channel, p.role, p.person_id, p.customer_id,
                :day, p.due_at, CASE WHEN p.reason IS NULL THEN 'issued' ELSE 'suppressed' END, p.reason,
                p.branch_code, c.number, CASE WHEN p.reason IS NULL THEN p.branch_code END,
                CASE WHEN p.reason IS NULL THEN CAST(:year AS integer) END, p.number_seq,
                CASE WHEN p.reason IS NULL THEN p.stage END, {_REFERENCE},
                CASE WHEN p.reason IS NULL THEN CAST(:now AS timestamptz) END, c.content,
                coalesce(c.addressee, ''), coalesce(c.search, '')
            FROM plan_letter AS p LEFT JOIN plan_letter_content AS c ON c.ordinal = p.ordinal
            ORDER BY p.ordinal
            ON CONFLICT (episode_id, workflow_id, channel, role, person_id) DO UPDATE SET {changes},
                void_from = NULL, reason_from = NULL, version = letter.version + 1
                WHERE letter.status IN ('suppressed', 'cancelled')
            RETURNING id, status
        )
        INSERT INTO letter_event (letter_id, kind, at)
        SELECT id, 'issued', CAST(:now AS timestamptz) FROM written WHERE status = 'issued' ORDER BY id
        """
    )
    connection.execute(statement, {"day": day, "year": year, "now": now})


def close_episodes(connection: Connection, episode_ids: Sequence[int], now: datetime) -> tuple[int, int]:
    """Cancel suppressed letters of ended episodes and void unserved ones; how many of each."""
    statement = text(
        """
        WITH changed AS (
            UPDATE letter SET
                status = CASE WHEN status = 'suppressed' THEN 'cancelled' ELSE 'void' END,
                void_from = status, reason_from = reason, reason = 'cured',
                void_at = CASE WHEN status <> 'suppressed' THEN CAST(:now AS timestamptz) END,
                version = version + 1
            WHERE episode_id = ANY(CAST(:ids AS bigint[]))
                AND status IN ('suppressed', 'issued', 'printed', 'filed')
            RETURNING id, status
        ), told AS (
            INSERT INTO letter_event (letter_id, kind, at)
            SELECT id, 'void', CAST(:now AS timestamptz) FROM changed WHERE status = 'void'
        )
        SELECT count(*) FILTER (WHERE status = 'cancelled'), count(*) FILTER (WHERE status = 'void') FROM changed
        """
    )
    cancelled, void = connection.execute(statement, {"ids": list(episode_ids), "now": now}).one()
    return int(cancelled), int(void)


def reopen_episodes(connection: Connection, episode_ids: Sequence[int], now: datetime) -> int:
    """Give letters of reopened episodes the state back that a cure took from them; how many."""
    statement = text(
        """
        WITH changed AS (
            UPDATE letter SET status = void_from, reason = reason_from, void_from = NULL, reason_from = NULL,
                void_at = NULL, version = version + 1
            WHERE episode_id = ANY(CAST(:ids AS bigint[])) AND reason = 'cured' AND void_from IS NOT NULL
                AND status IN ('void', 'cancelled')
            RETURNING id, status
        ), told AS (
            INSERT INTO letter_event (letter_id, kind, at)
            SELECT id, 'restored', CAST(:now AS timestamptz) FROM changed WHERE status <> 'suppressed'
        )
        SELECT count(*) FROM changed
        """
    )
    return int(connection.execute(statement, {"ids": list(episode_ids), "now": now}).scalar_one())


def cancel_suppressed(connection: Connection, workflow_ids: Sequence[int]) -> int:
    """Cancel the suppressed letters of workflows that changed; issued ones stay."""
    statement = text(
        """
        UPDATE letter SET status = 'cancelled', reason = 'workflow_changed', version = version + 1
        WHERE status = 'suppressed' AND workflow_id = ANY(CAST(:ids AS bigint[]))
        """
    )
    return connection.execute(statement, {"ids": list(workflow_ids)}).rowcount


def move(connection: Connection, facility_ids: Sequence[int]) -> int:
    """Let unprinted letters follow their facility to its branch; their number stays."""
    statement = text(
        """
        UPDATE letter AS l SET branch_code = f.branch_code, version = l.version + 1
        FROM facility AS f
        WHERE f.id = l.facility_id AND f.id = ANY(CAST(:ids AS bigint[]))
            AND l.status IN ('issued', 'suppressed') AND l.branch_code <> f.branch_code
        """
    )
    return connection.execute(statement, {"ids": list(facility_ids)}).rowcount


def persons_joined(connection: Connection, customer_ids: Sequence[int]) -> None:
    """Give letters the person that their customer now is, where no letter has that key."""
    statement = text(
        """
        UPDATE letter AS l SET person_id = c.person_id
        FROM customer AS c
        WHERE c.id = l.customer_id AND c.id = ANY(CAST(:ids AS bigint[])) AND l.person_id <> c.person_id
            AND NOT EXISTS (
                SELECT FROM letter AS o
                WHERE o.episode_id = l.episode_id AND o.workflow_id = l.workflow_id AND o.channel = l.channel
                    AND o.role = l.role AND o.person_id = c.person_id)
        """
    )
    connection.execute(statement, {"ids": list(customer_ids)})


def newest_key(connection: Connection) -> Row[Any] | None:
    """The signing key in use, sealed, or None before the first letter."""
    query = text("SELECT key_id, sealed FROM letter_key ORDER BY made_at DESC, key_id LIMIT 1")
    return connection.execute(query).one_or_none()


def keep_logo(connection: Connection, image: str) -> str:
    """Store a logo (base64) once, and return its SHA-256."""
    digest = hashlib.sha256(image.encode("ascii")).hexdigest()
    statement = text(
        "INSERT INTO letter_logo (sha256, image) VALUES (:digest, :image) ON CONFLICT (sha256) DO NOTHING"
    )
    connection.execute(statement, {"digest": digest, "image": image})
    return digest


def add_key(connection: Connection, key_id: str, public_key: bytes, sealed: bytes, now: datetime) -> None:
    """Store a new signing key."""
    statement = text(
        "INSERT INTO letter_key (key_id, public_key, sealed, made_at) VALUES (:id, :public, :sealed, :now)"
    )
    connection.execute(statement, {"id": key_id, "public": public_key, "sealed": sealed, "now": now})

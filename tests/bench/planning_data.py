"""A bank that is only there to be planned: made inside PostgreSQL, the same each time."""

from datetime import date, datetime, time

from sqlalchemy import Connection, text

from vesal_server.audit.service import SYSTEM
from vesal_server.workflows import service as workflows
from vesal_server.workflows.files import WorkflowFile
from vesal_server.workflows.model import NotificationWorkflow

#: Messages that a facility of this bank gets a day, on average: two a borrower, two for three of four guarantors.
PER_FACILITY = 3.5


def fill(connection: Connection, *, facilities: int, workflow_count: int, as_of: date, now: datetime) -> None:
    """Facilities spread over as many loan types as workflows, each with a borrower, three of four a guarantor."""
    values = {
        "facilities": facilities,
        "customers": facilities + facilities * 3 // 4,
        "types": workflow_count,
        "as_of": as_of,
    }
    for statement in _STATEMENTS:
        connection.execute(text(statement), values)
    made = tuple(
        NotificationWorkflow(
            title=f"گردش کار {number}",
            loan_types=(f"{number:03}",),
            days_from=1,
            days_to=90,
            min_amount=0,
            branches=None,
            enabled=True,
            channels=("sms", "call"),
            recipients=("borrower", "guarantor"),
            start=time(9),
        )
        for number in range(1, workflow_count + 1)
    )
    workflows.import_file(connection, WorkflowFile(made), SYSTEM, now=now)


_STATEMENTS = (
    "INSERT INTO province (code, title) SELECT '96', 'تهران' ON CONFLICT DO NOTHING",
    """
    INSERT INTO branch (code, title, province_code, address)
    SELECT to_char(6000 + n, 'FM9999'), 'شعبه نمونه ' || n, '96', 'تهران، خیابان نمونه، پلاک ' || n
    FROM generate_series(1, 40) AS n
    """,
    "INSERT INTO loan_type (code, title) SELECT to_char(n, 'FM000'), 'وام ' || n FROM generate_series(1, :types) AS n",
    """
    INSERT INTO customer (customer_no, person_id, first_name, last_name, national_id, gender, mobile, email,
        address, national_id_ok, mobile_ok, email_ok)
    SELECT (10000000 + n)::text, n, (ARRAY['محمد', 'فاطمه', 'علی', 'زهرا', 'محمدرضا', 'مریم', 'حسین'])[1 + n % 7],
        (ARRAY['محمدی', 'حسینی', 'رضایی‌فر', 'نمونه‌پور', 'احمدی', 'کریمی‌زاده'])[1 + n % 6], to_char(n, 'FM0000000000'),
        CASE n % 2 WHEN 0 THEN 'M' ELSE 'F' END, '09' || to_char(100000000 + n, 'FM000000000'),
        'c' || n || '@example.ir', 'تهران، خیابان ' || n % 900, true, n % 50 <> 0, true
    FROM generate_series(1, CAST(:customers AS integer)) AS n
    """,
    "UPDATE customer SET person_id = id WHERE person_id <> id",
    """
    INSERT INTO facility (loan_no, customer_id, branch_code, loan_type_code, amount, overdue_since,
        overdue_installments, overdue_amount, customer_no)
    SELECT '8329-' || to_char(1 + c.place % :types, 'FM000') || '-' || to_char(c.place, 'FM0000000') || '-1', c.id,
        to_char(6001 + c.place % 40, 'FM9999'), to_char(1 + c.place % :types, 'FM000'), 900000000,
        CAST(:as_of AS date) - CAST(1 + c.place % 80 AS integer), 1 + c.place % 5, 1000000 + c.place * 1000 % 900000000,
        c.customer_no
    FROM (SELECT id, customer_no, row_number() OVER (ORDER BY id) - 1 AS place FROM customer) AS c
    WHERE c.place < :facilities
    """,
    """
    WITH opened AS (
        INSERT INTO episode (facility_id, opened_on) SELECT id, :as_of FROM facility RETURNING id, facility_id
    ) SELECT count(*) FROM opened
    """,
    "UPDATE facility AS f SET episode_id = e.id FROM episode AS e WHERE e.facility_id = f.id",
    """
    INSERT INTO guarantor (facility_id, customer_id, since)
    SELECT f.id, c.id, :as_of
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM facility) AS f
        JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM customer) AS c
            ON c.place = :facilities + f.place
    """,
    "INSERT INTO feed_state (id, as_of) VALUES (1, :as_of) ON CONFLICT (id) DO UPDATE SET as_of = excluded.as_of",
    "ANALYZE customer, facility, guarantor, episode, branch, customer_correction, hold, promise, person_flag",
)

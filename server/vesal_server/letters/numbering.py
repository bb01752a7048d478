"""Letter numbers: without gaps per branch and Jalali year, taken under the counter's row lock."""

from sqlalchemy import Connection, text


def take(connection: Connection, year: int) -> int:
    """Give the letters of `plan_letter` that are to be issued their numbers, in its order; says how many.

    The counter's rows are locked until the transaction ends, in the order of branches, so that two planners
    neither share a number nor wait for each other in a ring; a rollback gives the numbers back.
    """
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


def number(year: int, branch_code: str, sequence: int) -> str:
    """The number as it is written: 1405/6140/000123, ASCII digits."""
    return f"{year}/{branch_code}/{sequence:06}"

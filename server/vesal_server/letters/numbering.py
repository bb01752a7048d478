"""Letter numbers: without gaps per branch and Jalali year, taken under the counter's row lock."""

from sqlalchemy import Connection

from vesal_server.letters import queries


def take(connection: Connection, year: int) -> int:
    """Give the letters of `plan_letter` that are to be issued their numbers, in its order; says how many.

    The counter's rows are locked until the transaction ends, in the order of branches, so that two planners
    neither share a number nor wait for each other in a ring; a rollback gives the numbers back.
    """
    return queries.take_numbers(connection, year)


def number(year: int, branch_code: str, sequence: int) -> str:
    """The number as it is written: 1405/6140/000123, ASCII digits."""
    return f"{year}/{branch_code}/{sequence:06}"

"""Templates in SQL: what PostgreSQL renders is, to the byte, what `merge_fields.render` says."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from vesal_server.planning.rendering import compile_texts, shown
from vesal_shared.merge_fields import FIELDS, Part, render
from vesal_shared.text import clean

NAMES = [name for name, field in FIELDS.items() if not field.letters_only]
CASTS = {"money": "bigint", "number": "integer"}

TEMPLATES = st.lists(
    st.one_of(
        st.builds(Part, text=st.text(alphabet=st.sampled_from("اب  12-۳٤\n،aي%:'\\{}"), max_size=8)),
        st.builds(Part, text=st.just(" ")),
        st.builds(Part, field=st.sampled_from(NAMES)),
    ),
    max_size=12,
)


def value_of(name: str) -> st.SearchStrategy[str]:
    kind = FIELDS[name].kind
    if kind == "money":
        return st.one_of(st.just(""), st.integers(0, 10**15).map(str))
    if kind == "number":
        return st.one_of(st.just(""), st.integers(0, 9999).map(str))
    if kind == "date":
        return st.just("1405/09/03")
    return st.text(alphabet=st.sampled_from("اب ی12٣۴-"), max_size=8).map(clean)


VALUES = st.fixed_dictionaries({name: value_of(name) for name in NAMES})


def stored(name: str) -> str:
    """A value with the type of its column."""
    return f"CAST(CAST(:v_{name} AS text) AS {CASTS.get(FIELDS[name].kind, 'text')})"


def in_sql(connection: Connection, templates: list[list[Part]], values: dict[str, str]) -> list[str]:
    compiled = compile_texts(templates)
    columns = ", ".join(f"{shown(name, stored(name))} AS v_{name}" for name in NAMES)
    rows = connection.execute(
        text(
            f"SELECT {compiled.sql} FROM (SELECT template_no, {columns} "
            f"FROM generate_series(0, {len(templates) - 1}) AS t (template_no)) AS s ORDER BY template_no"
        ),
        compiled.parameters | {f"v_{name}": value or None for name, value in values.items()},
    )
    return [row[0] for row in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(templates=st.lists(TEMPLATES, min_size=1, max_size=4), values=VALUES)
def test_sql_renders_as_python_does(
    connection: Connection, templates: list[list[Part]], values: dict[str, str]
) -> None:
    expected = [render(parts, values, "sms") for parts in templates]
    assert in_sql(connection, templates, values) == expected
    assert [render(parts, values, "email") for parts in templates] == expected


def test_a_long_template_is_rendered_whole(connection: Connection) -> None:
    parts = [Part(field="loan_no") if place % 2 else Part(text=f"متن {place} ") for place in range(500)]
    values = {"loan_no": "1-2"} | dict.fromkeys((name for name in NAMES if name != "loan_no"), "")
    assert in_sql(connection, [parts], values) == [render(parts, values, "sms")]

"""Settings: typed, bounded, audited; secrets never shown."""

import pytest
from sqlalchemy import Connection, text

from tests.conftest import NOW
from vesal_server import settings
from vesal_server.audit.service import SYSTEM
from vesal_server.kit.secrets import Secrets
from vesal_server.settings.registry import BY_KEY, SETTINGS
from vesal_server.settings.service import listed
from vesal_server.settings.values import parse, show
from vesal_shared.problems import Refusal


@pytest.mark.parametrize("setting", [one for one in SETTINGS if not one.secret], ids=lambda one: one.key)
def test_a_default_is_read_back_from_how_it_is_shown(setting: settings.registry.Setting) -> None:
    shown = show(setting, setting.default)
    if shown or setting.optional:
        assert parse(setting, shown) == setting.default


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("feed.max_bad_percent", "۷", 7),
        ("cases.home_min_amount", "1,000,000", 1_000_000),
        ("cases.home_min_amount", "", None),
        ("window.start", "۸:۳۰", "08:30"),
        ("gateways.allow_private", "بله", True),
        ("gateways.allow_private", "0", False),
        ("planning.rest_days", "friday, thursday", ["thursday", "friday"]),
        ("planning.rest_days", "", []),
        ("cases.buckets", "30, 60,90", [30, 60, 90]),
        ("sms.base_url", "http://127.0.0.1:9000/", "http://127.0.0.1:9000"),
        ("sms.driver", "kavenegar", "kavenegar"),
    ],
)
def test_values_are_read_as_people_type_them(
    connection: Connection, secrets: Secrets, key: str, typed: str, value: object
) -> None:
    settings.change(connection, SYSTEM, NOW, secrets, key, typed)
    assert settings.read(connection).value(key) == value


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("feed.max_bad_percent", "101"),
        ("feed.max_bad_percent", "-1"),
        ("feed.max_bad_percent", ""),
        ("feed.max_bad_percent", "5.5"),
        ("window.start", "24:00"),
        ("window.start", "06:59"),
        ("window.end", "22:01"),
        ("window.start", "20:00"),
        ("gateways.allow_private", "maybe"),
        ("sms.driver", "pigeon"),
        ("sms.base_url", "ftp://x"),
        ("sms.base_url", "http://[::1"),
        ("planning.rest_days", "friday,someday"),
        ("cases.buckets", "60,30"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    connection: Connection, secrets: Secrets, key: str, typed: str
) -> None:
    with pytest.raises(Refusal) as refused:
        settings.change(connection, SYSTEM, NOW, secrets, key, typed)
    assert refused.value.code == "bad_setting"
    assert settings.read(connection).value(key) == BY_KEY[key].default


def test_an_unknown_setting_is_refused(connection: Connection, secrets: Secrets) -> None:
    with pytest.raises(Refusal, match="unknown_setting"):
        settings.change(connection, SYSTEM, NOW, secrets, "no.such", "1")


def test_a_secret_is_encrypted_and_shown_nowhere(connection: Connection, secrets: Secrets) -> None:
    settings.change(connection, SYSTEM, NOW, secrets, "sms.password", "کلید-پنهان")
    assert settings.read_secret(connection, secrets, "sms.password") == "کلید-پنهان"
    everything = str(
        connection.execute(
            text("SELECT s::text FROM setting s UNION SELECT a::text FROM audit_entry a")
        ).all()
    )
    assert "کلید-پنهان" not in everything
    assert "کلید-پنهان".encode().hex() not in everything
    row = next(row for row in listed(connection) if row["key"] == "sms.password")
    assert (row["value"], row["set"]) == (None, True)
    settings.change(connection, SYSTEM, NOW, secrets, "sms.password", "")
    assert settings.read_secret(connection, secrets, "sms.password") == ""


def test_a_refused_secret_is_not_in_the_refusal(connection: Connection, secrets: Secrets) -> None:
    with pytest.raises(Refusal) as refused:
        settings.change(connection, SYSTEM, NOW, secrets, "feed.max_bad_percent", "abc")
    assert "abc" in refused.value.title


def test_a_change_is_audited_with_old_and_new(connection: Connection, secrets: Secrets) -> None:
    settings.change(connection, SYSTEM, NOW, secrets, "feed.stale_days", "5")
    settings.change(connection, SYSTEM, NOW, secrets, "feed.stale_days", "5")
    rows = connection.execute(
        text("SELECT old, new FROM audit_entry WHERE entity = 'setting' AND entity_id = 'feed.stale_days'")
    ).all()
    assert [(row.old, row.new) for row in rows] == [({"value": 3}, {"value": 5})]


def test_the_window_may_not_leave_an_enabled_workflow_outside(
    connection: Connection, secrets: Secrets
) -> None:
    connection.execute(
        text(
            "INSERT INTO workflow (kind, title, title_key, days_from, days_to, enabled, channels, recipients, per_day,"
            " start, repeat_minutes, updated_at) VALUES ('notification', 'شبانه', 'x', 1, 9, true, '{sms}',"
            " '{borrower}', 3, '09:00', 300, :now)"
        ),
        {"now": NOW},
    )
    with pytest.raises(Refusal) as refused:
        settings.change(connection, SYSTEM, NOW, secrets, "window.start", "09:30")
    assert "شبانه" in refused.value.title
    # The last of three is due at 19:00, which must lie before the end.
    with pytest.raises(Refusal, match="window_excludes_workflow"):
        settings.change(connection, SYSTEM, NOW, secrets, "window.end", "19:00")
    settings.change(connection, SYSTEM, NOW, secrets, "window.end", "19:01")

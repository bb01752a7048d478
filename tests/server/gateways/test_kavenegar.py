"""The Kavenegar driver against every documented code, and against answers that no service should give."""

import json
import socket
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.server.gateways.scripted import answer, scripted, soon
from vesal_server.gateways.base import Delivery, Knowledge, Message, Outcome
from vesal_server.gateways.http import MAX_ANSWER

ONE = Message(4611686018427387905, "sms", "09120000001", "یادآوری")
TWO = Message(4611686018427387906, "sms", "09120000002", "یادآوری")
AT = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)

# gateways.md, «Kavenegar», by what dispatch does. A 5xx and a time-out may come after acceptance, so they
# are asked about before the message is tried again.
BY_OUTCOME = {
    Outcome.TEMPORARY: (402, 409, 451),
    Outcome.FINAL: (411, 413, 420, 422),
    Outcome.STOP: (401, 403, 407, 412, 416, 418, 426, 427, 429, 501),
    Outcome.OUR_FAULT: (400, 404, 405, 406, 414, 417, 419, 424, 431, 432, 607),
    Outcome.DOUBT: (500, 502, 503, 504, 299, 599, 433),
}


def returned(status: int, entries: object = None) -> bytes:
    return json.dumps({"return": {"status": status, "message": "متن"}, "entries": entries}).encode()


@pytest.mark.parametrize(
    ("status", "outcome"), [(status, outcome) for outcome, many in BY_OUTCOME.items() for status in many]
)
def test_each_documented_code_leads_to_its_action(status: int, outcome: Outcome) -> None:
    http = status if status < 600 else 400
    with scripted(answer(http, returned(status))) as (_, gateway):
        [told] = gateway.send([ONE], soon())
        assert (told.outcome, told.code, told.text) == (outcome, str(status), "متن")


def test_a_final_code_for_several_is_narrowed_down() -> None:
    with scripted(answer(411, returned(411))) as (_, gateway):
        assert [one.outcome for one in gateway.send([ONE, TWO], soon())] == [Outcome.NARROW] * 2


def test_a_refusal_without_a_readable_body_is_known_by_its_status() -> None:
    with scripted(answer(403, b"<html>Forbidden</html>")) as (_, gateway):
        assert [one.outcome for one in gateway.send([ONE], soon())] == [Outcome.STOP]


def test_retry_after_is_taken_and_capped() -> None:
    for header, seconds in (("7", 7.0), ("999999", 3600.0), ("-4", 0.0), ("soon", None)):
        with scripted(answer(451, returned(451), f"Retry-After: {header}")) as (_, gateway):
            assert gateway.send([ONE], soon())[0].retry_after == seconds


def entry(message: Message, number: object = 55, **more: object) -> dict[str, object]:
    return {"messageid": number, "receptor": message.to, "message": message.text, "status": 1, **more}


@pytest.mark.parametrize(
    ("entries", "outcomes"),
    [
        ([entry(ONE), entry(TWO)], [Outcome.ACCEPTED, Outcome.ACCEPTED]),
        ([entry(ONE, receptor="+989120000001"), entry(TWO)], [Outcome.ACCEPTED, Outcome.ACCEPTED]),
        ([entry(TWO), entry(ONE)], [Outcome.DOUBT, Outcome.DOUBT]),
        ([entry(ONE)], [Outcome.DOUBT, Outcome.DOUBT]),
        ([entry(ONE), entry(TWO), entry(TWO)], [Outcome.DOUBT, Outcome.DOUBT]),
        ([entry(ONE, None), entry(TWO)], [Outcome.DOUBT, Outcome.ACCEPTED]),
        ([entry(ONE, {"x": 1}), entry(TWO, "7")], [Outcome.DOUBT, Outcome.ACCEPTED]),
        (["text", None], [Outcome.DOUBT, Outcome.DOUBT]),
        (None, [Outcome.DOUBT, Outcome.DOUBT]),
        ({}, [Outcome.DOUBT, Outcome.DOUBT]),
    ],
)
def test_entries_are_matched_by_order_and_receptor(entries: object, outcomes: list[Outcome]) -> None:
    with scripted(answer(200, returned(200, entries))) as (_, gateway):
        assert [one.outcome for one in gateway.send([ONE, TWO], soon())] == outcomes


@pytest.mark.parametrize(
    ("status", "knowledge"),
    [
        (100, Knowledge.NEVER_SEEN),
        *((status, Knowledge.HAS_IT) for status in (1, 2, 4, 5, 6, 10, 11, 13, 14)),
        (77, Knowledge.NO_ANSWER),
        ("?", Knowledge.NO_ANSWER),
    ],
)
def test_a_question_about_a_reference(status: object, knowledge: Knowledge) -> None:
    body = returned(200, [{"messageid": 9, "localid": ONE.reference, "status": status}])
    with scripted(answer(200, body)) as (_, gateway):
        assert [one.knowledge for one in gateway.look_up([ONE], AT, soon())] == [knowledge]


def test_a_silent_service_is_asked_once_and_not_one_by_one() -> None:
    with scripted(answer(503, b"")) as (server, gateway):
        found = gateway.look_up([ONE, TWO], AT, soon())
        assert [one.knowledge for one in found] == [Knowledge.NO_ANSWER] * 2
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "delivery"),
    [
        *((one, Delivery.UNDER_WAY) for one in (1, 2, 4, 5)),
        (10, Delivery.DELIVERED),
        *((one, Delivery.UNDELIVERED) for one in (6, 11, 13, 14)),
        (100, Delivery.LOST_TRACK),
    ],
)
def test_delivery_statuses(status: int, delivery: Delivery) -> None:
    with scripted(answer(200, returned(200, [{"messageid": 9, "status": status}]))) as (_, gateway):
        assert [(one.gateway_id, one.delivery) for one in gateway.reports(["9"])] == [("9", delivery)]


def test_credit() -> None:
    with scripted(answer(200, returned(200, {"remaincredit": 1500, "type": "master"}))) as (_, gateway):
        assert gateway.credit() == 1500
    with scripted(answer(200, returned(200, "much"))) as (_, gateway):
        assert gateway.credit() is None


def test_a_redirect_is_not_followed() -> None:
    with (
        scripted(answer(200, returned(200, [entry(ONE)]))) as (elsewhere, _),
        scripted(answer(302, b"", f"Location: http://127.0.0.1:{elsewhere.port}/v1/x")) as (_, gateway),
    ):
        assert [one.outcome for one in gateway.send([ONE], soon())] == [Outcome.DOUBT]
        assert elsewhere.requests == []


def test_too_much_is_cut_off() -> None:
    with scripted(answer(200, b" " * (MAX_ANSWER + 5))) as (_, gateway):
        assert [(one.outcome, one.text) for one in gateway.send([ONE], soon(10))] == [
            (Outcome.DOUBT, "answer too large")
        ]


def test_a_dripping_answer_ends_with_the_call_s_time() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b" ")
            time.sleep(0.05)

    with scripted(drip, timeout_s=0.4) as (_, gateway):
        assert [one.outcome for one in gateway.send([ONE], soon())] == [Outcome.DOUBT]


def test_who_comes_too_late_sends_nothing() -> None:
    with scripted(answer(200, returned(200, [entry(ONE)]))) as (server, gateway):
        [told] = gateway.send([ONE], soon(-0.001))
        assert (told.outcome, told.text) == (Outcome.TEMPORARY, "late")
        assert server.requests in ([], [b""])


def test_the_key_stands_in_no_answer() -> None:
    with scripted(answer(200, b"key")) as (_, gateway):
        assert "key" not in repr(gateway.send([ONE], soon()))


RUBBISH = st.one_of(
    st.binary(max_size=300),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["return", "entries", "status", "message", "messageid", "receptor", "localid"]
                )
                | st.text(max_size=5),
                inner,
                max_size=5,
            )
        ),
        max_leaves=15,
    ).map(lambda value: json.dumps(value).encode()),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(status=st.sampled_from([200, 200, 200, 201, 204, 304, 400, 418, 500]), body=RUBBISH)
@example(status=200, body=b"[" * 100_000)
@example(status=200, body=b'{"return":{"status":Infinity},"entries":[]}')
@example(status=200, body=b'{"return":{"status":' + b"9" * 5000 + b'},"entries":[]}')
@example(
    status=200, body=b'{"return":{"status":200},"entries":[{"messageid":"\\ud800","receptor":"09120000001"}]}'
)
def test_rubbish_is_borne(status: int, body: bytes) -> None:
    """Whatever comes back, nothing is raised, each message gets an answer, and none counts as failed for good."""
    with scripted(answer(status, body)) as (_, gateway):
        answers = gateway.send([ONE, TWO], soon())
        assert len(answers) == 2
        assert all(one.outcome is not Outcome.FINAL for one in answers)
        assert len(gateway.look_up([ONE, TWO], AT, soon())) == 2
        assert isinstance(gateway.reports(["1"]), list)
        assert gateway.credit() is None or isinstance(gateway.credit(), int)

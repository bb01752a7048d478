"""The outbox: on the disk before it counts, torn lines cut off, once each from any number of processes."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults.scene import ROOT
from tests.server.gateways.scripted import soon
from vesal_server.gateways.base import Knowledge, Message, Outcome
from vesal_server.gateways.outbox import Outbox
from vesal_server.kit.clock import FixedClock

AT = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
WRITER = """
import sys
from pathlib import Path
from vesal_server.gateways.base import Message
from vesal_server.gateways.outbox import Outbox
from vesal_server.kit.clock import SystemClock, steady
box = Outbox(Path(sys.argv[1]), SystemClock())
for begin in range(0, 600, 20):
    box.send([Message(begin + n, "sms", f"09{begin + n:09d}", "متن") for n in range(20)], steady() + 60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.jsonl"


@pytest.fixture
def box(path: Path) -> Outbox:
    return Outbox(path, FixedClock(AT))


def message(number: int, to: str = "09120000001") -> Message:
    return Message(number, "sms", to, "یادآوری\nخط دوم")


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_repeated_reference_is_accepted_and_not_written_again(path: Path, box: Outbox) -> None:
    for _ in range(2):
        assert [one.outcome for one in box.send([message(1), message(2)], soon())] == [Outcome.ACCEPTED] * 2
    # Another process, which has not read the file yet.
    assert Outbox(path, FixedClock(AT)).send([message(2)], soon())[0].gateway_id == "2"
    assert [line["client_reference"] for line in lines(path)] == ["1", "2"]


def test_one_reference_twice_in_a_call_is_written_once(path: Path, box: Outbox) -> None:
    box.send([message(5), message(5)], soon())
    assert [line["client_reference"] for line in lines(path)] == ["5"]


def test_a_torn_last_line_was_never_accepted(path: Path, box: Outbox) -> None:
    box.send([message(1)], soon())
    whole = path.read_bytes()
    path.write_bytes(whole + whole.replace(b'"1"', b'"2"')[:-9])
    fresh = Outbox(path, FixedClock(AT))
    found = fresh.look_up([message(1), message(2)], AT, soon())
    assert [one.knowledge for one in found] == [Knowledge.HAS_IT, Knowledge.NEVER_SEEN]
    fresh.send([message(2), message(3)], soon())
    assert [line["client_reference"] for line in lines(path)] == ["1", "2", "3"]


def test_lines_of_others_and_an_emptied_file_are_borne(path: Path, box: Outbox) -> None:
    box.send([message(1)], soon())
    with path.open("a", encoding="utf-8") as file:
        file.write('not json\n[1]\n{"client_reference": null}\n')
    box.send([message(1), message(2)], soon())
    assert path.read_text(encoding="utf-8").count("client_reference") == 3
    path.write_text("", encoding="utf-8")
    box.send([message(1)], soon())
    assert [line["client_reference"] for line in lines(path)] == ["1"]


def test_a_reference_with_another_receiver_is_told_apart(box: Outbox) -> None:
    box.send([message(1)], soon())
    assert [one.outcome for one in box.send([message(1, to="09129999999")], soon())] == [Outcome.DOUBT]
    [found] = box.look_up([message(1, to="09129999999")], AT, soon())
    assert found.knowledge is Knowledge.ANOTHER


def test_who_comes_too_late_writes_nothing(path: Path, box: Outbox) -> None:
    assert [one.outcome for one in box.send([message(1)], soon(-1))] == [Outcome.TEMPORARY]
    assert not path.exists()


def test_two_processes_at_once_write_whole_lines_once(path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path)], cwd=ROOT, encoding="utf-8")
        for _ in range(2)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert sorted(int(line["client_reference"]) for line in lines(path)) == list(range(600))

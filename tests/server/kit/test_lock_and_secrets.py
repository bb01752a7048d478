"""Locks that die with their holder, the key outside the database, and clocks."""

import os
import stat
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.conftest import NOW
from vesal_server.kit.clock import FixedClock, ShiftedClock, SystemClock, tehran_day, tehran_instant
from vesal_server.kit.lock import FileLock
from vesal_server.kit.secrets import Secrets, SecretsError

HOLDER = """
import sys
from pathlib import Path
from vesal_server.kit.lock import FileLock
lock = FileLock(Path(sys.argv[1]))
lock.acquire(shared=sys.argv[2] == "shared")
print("held", flush=True)
sys.stdin.read()
"""


def holder(path: Path, kind: str) -> "subprocess.Popen[str]":
    """Another process that holds the lock until it is ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "held"
    return process


def test_shared_holders_keep_an_exclusive_one_out_until_they_die(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    others = [holder(path, "shared"), holder(path, "shared")]
    mine = FileLock(path)
    assert mine.acquire(shared=True, timeout=0)
    mine.release()
    assert not mine.acquire(timeout=0.05)
    for other in others:
        other.kill()
        other.communicate()
    assert mine.acquire(timeout=30)
    assert mine.held
    mine.release()
    assert not mine.held


def test_an_exclusive_holder_keeps_everybody_out(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    other = holder(path, "exclusive")
    mine = FileLock(path)
    assert not mine.acquire(shared=True, timeout=0)
    waited = threading.Thread(target=mine.acquire)
    waited.start()
    other.communicate("")
    waited.join(30)
    assert mine.held
    with pytest.raises(RuntimeError):
        mine.acquire()
    mine.release()
    with mine.hold():
        assert mine.held
    assert not mine.held


def test_two_locks_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    one.acquire()
    assert not other.acquire(timeout=0)
    one.release()
    assert other.acquire(timeout=0)
    other.release()


def test_a_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secrets.key"
    made: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: made.append(Secrets.load_or_create(path).export())) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert Secrets.load(path).export() == made[0]
    assert [file.name for file in path.parent.iterdir()] == ["secrets.key"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_encrypted_opens_only_with_its_key_and_context() -> None:
    one, other = Secrets(b"1" * 32), Secrets(b"2" * 32)
    stored = one.encrypt("رمز درگاه", "sms.password")
    assert "رمز".encode() not in stored
    assert stored != one.encrypt("رمز درگاه", "sms.password")
    assert one.decrypt(stored, "sms.password") == "رمز درگاه"
    broken = stored[:-1] + bytes([stored[-1] ^ 1])
    for secrets, content, context in (
        (other, stored, "sms.password"),
        (one, stored, "call.password"),
        (one, broken, "sms.password"),
        (one, b"\x02" + stored[1:], "sms.password"),
        (one, b"", "sms.password"),
    ):
        with pytest.raises(SecretsError):
            secrets.decrypt(content, context)


def test_each_purpose_has_its_own_key_the_same_each_time() -> None:
    secrets = Secrets(b"1" * 32)
    assert secrets.derive("audit") == Secrets(b"1" * 32).derive("audit")
    assert len({secrets.derive("audit"), secrets.derive("encrypt"), secrets.export()}) == 3


def test_a_letter_key_comes_back_whole_and_only_under_its_id() -> None:
    secrets, key = Secrets(b"1" * 32), Ed25519PrivateKey.generate()
    stored = secrets.seal_letter_key(key, "a1")
    assert secrets.open_letter_key(stored, "a1").public_key() == key.public_key()
    with pytest.raises(SecretsError):
        secrets.open_letter_key(stored, "a2")


@pytest.mark.parametrize("content", ["", "00", "zz" * 32, "00" * 31])
def test_a_damaged_key_file_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.key"
    path.write_text(content, encoding="ascii")
    with pytest.raises(SecretsError, match="کلید اسرار"):
        Secrets.load(path)


def test_a_missing_key_file_names_the_cure(tmp_path: Path) -> None:
    with pytest.raises(SecretsError, match="vesal-server init"):
        Secrets.load(tmp_path / "secrets.key")


def test_a_day_in_tehran_begins_half_past_eight_in_the_evening_of_greenwich() -> None:
    assert tehran_day(datetime(2026, 11, 23, 20, 29, tzinfo=UTC)) == date(2026, 11, 23)
    assert tehran_day(datetime(2026, 11, 23, 20, 30, tzinfo=UTC)) == date(2026, 11, 24)
    # Since 2022 there is no summer time.
    assert tehran_instant(date(2026, 7, 1), time(12)) == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert tehran_instant(date(2026, 1, 1)) == datetime(2025, 12, 31, 20, 30, tzinfo=UTC)


def test_clocks_stand_shift_and_refuse_an_instant_without_its_zone() -> None:
    clock = FixedClock(NOW)
    assert (clock.now(), clock.today()) == (NOW, date(2026, 11, 24))
    clock.move(timedelta(hours=14))
    assert clock.today() == date(2026, 11, 25)
    clock.set(NOW)
    shifted = ShiftedClock(NOW + timedelta(days=1), clock)
    clock.move(timedelta(minutes=5))
    assert shifted.now() == NOW + timedelta(days=1, minutes=5)
    assert shifted.today() == date(2026, 11, 25)
    assert SystemClock().now().tzinfo is UTC
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(NOW.replace(tzinfo=None))

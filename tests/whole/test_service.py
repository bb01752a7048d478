"""The running service: over HTTP, in one process or several, with TLS, and ended cleanly."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.conftest import ADMIN, ADMIN_PASSWORD, NOW, Service
from tests.faults import scene
from tests.faults.gateway.ledger import read_log
from tests.worlds import CHEAP
from vesal_server.host import Host
from vesal_server.kit.clock import FixedClock
from vesal_server.kit.config import Config
from vesal_server.kit.db import Database
from vesal_server.kit.secrets import Secrets
from vesal_server.serving import Listener, ServingError, load_tls


@contextmanager
def running(
    database: Database, config: Config, *options: str
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """`vesal-server serve` as a process of its own: its URL once it is ready, and the process."""
    environment = {
        **os.environ,
        "VESAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "VESAL_DATA_DIR": str(config.data_dir),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "vesal_server.cli", "serve", "--port", "0", "--json", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
    )
    assert process.stdout is not None
    told = process.stdout.readline()
    try:
        yield (json.loads(told)["url"] if told else ""), process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def get(url: str, **options: object) -> urllib3.BaseHTTPResponse:
    with urllib3.PoolManager(retries=False, **options) as pool:  # type: ignore[arg-type]
        return pool.request("GET", url)


def test_says_alive_and_ready(service: Service) -> None:
    assert get(f"{service.url}/health").json() == {"status": "ok"}
    assert get(f"{service.url}/ready").status == 200


def test_the_first_administrator_logs_in(service: Service) -> None:
    with urllib3.PoolManager() as pool:
        answer = pool.request(
            "POST", f"{service.url}/api/v1/session", json={"username": ADMIN, "password": ADMIN_PASSWORD}
        )
    assert answer.status in {200, 201}
    assert len(answer.json()["token"]) >= 43


def test_refusals_are_problem_details_in_persian(service: Service) -> None:
    answer = get(f"{service.url}/api/v1/nowhere")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ends_cleanly_when_told(fresh_database: Database, config: Config, workers: str) -> None:
    with running(fresh_database, config, "--workers", workers) as (url, process):
        assert get(f"{url}/health").status == 200
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert said.rstrip().endswith("وصال متوقف شد.")
    assert "Traceback" not in said


def test_a_server_that_ends_in_mid_batch_leaves_nothing_half_sent(
    fresh_database: Database, config: Config, secrets: Secrets, tmp_path: Path
) -> None:
    clock, messages = FixedClock(NOW), 400
    scene.fill(fresh_database, messages, day=clock.today(), due=NOW)
    with scene.fake_gateway(tmp_path, delay=0.3) as gateway:
        scene.point_at(fresh_database, gateway.url, lease_s=60, timeout_s=20)
        scene.set_key(fresh_database, secrets)
        host = Host(config, fresh_database.url, secrets, clock, hasher=CHEAP)
        host.start()
        while not gateway.calls():
            threading.Event().wait(0.01)
        host.stop()
        accepted = read_log(gateway.log)
    found = scene.statuses(fresh_database)
    assert set(found) <= {"planned", "sent"}
    assert found.get("sent", 0) == len(accepted) > 0
    assert set(accepted.values()) == {1}
    assert sum(found.values()) == messages


def test_a_taken_port_is_said_in_a_sentence(fresh_database: Database, config: Config) -> None:
    taken = Listener.bind("127.0.0.1", 0)
    with running(fresh_database, config, "--port", str(taken.port)) as (url, process):
        _, said = process.communicate(timeout=60)
    assert (url, process.returncode) == ("", 1)
    assert f"127.0.0.1:{taken.port}" in said
    assert "Traceback" not in said


def test_an_unready_database_is_refused(empty_database: Database, config: Config) -> None:
    with running(empty_database, config) as (url, process):
        _, said = process.communicate(timeout=60)
    assert (url, process.returncode) == ("", 3)
    assert "vesal-server init" in said


def certificate(folder: Path, form: PrivateFormat) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key in the given form."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    folder.mkdir(exist_ok=True)
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, form, NoEncryption()))
    return folder / "cert.pem", folder / "key.pem"


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_serves_tls_with_a_key_in_any_usual_form(
    fresh_database: Database, config: Config, tmp_path: Path, form: PrivateFormat
) -> None:
    cert, key = certificate(tmp_path, form)
    with running(fresh_database, config, "--tls-cert", str(cert), "--tls-key", str(key)) as (url, _):
        assert url.startswith("https://127.0.0.1:")
        answer = get(
            f"{url}/health", ca_certs=str(cert), server_hostname="localhost", assert_hostname="localhost"
        )
        assert answer.status == 200


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "one", PrivateFormat.PKCS8)
    _, other = certificate(tmp_path / "other", PrivateFormat.PKCS8)
    assert load_tls(None, None, tmp_path) is None
    with pytest.raises(ServingError, match="تعلق ندارد"):
        load_tls(cert, other, tmp_path)
    with pytest.raises(ServingError, match="با هم"):
        load_tls(None, key, tmp_path)
    with pytest.raises(ServingError, match="خوانده نشد"):
        load_tls(cert, tmp_path / "missing.pem", tmp_path)

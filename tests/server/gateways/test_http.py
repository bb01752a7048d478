"""Which addresses a gateway may have, and that only trusted certificates are talked to."""

import datetime as dt
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.server.gateways.scripted import soon
from vesal_server.gateways.http import HttpClient, NoAnswer, NotSent, allowed


@pytest.mark.parametrize(
    ("address", "public", "private"),
    [
        ("185.1.2.3", True, True),
        ("2a00:1450::1", True, True),
        ("10.0.0.5", False, True),
        ("192.168.1.1", False, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("fd00::1", False, True),
        ("169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("::ffff:127.0.0.1", False, True),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("2002:a9fe:a9fe::1", False, False),
    ],
)
def test_addresses(address: str, public: bool, private: bool) -> None:
    assert allowed(address, private=False) is public
    assert allowed(address, private=True) is private


def test_a_private_address_is_never_connected_to_unless_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        client = HttpClient(f"http://localhost:{listener.getsockname()[1]}", timeout_s=1, allow_private=False)
        with pytest.raises(NotSent):
            client.call("GET", "x", by=soon())
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("url", ["ftp://host/", "host", "http://", "http://host:99999/", "http://[::1/"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of urllib's sentences
        HttpClient(url, timeout_s=1, allow_private=True)


def test_a_closed_port_was_not_sent_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotSent):
        HttpClient(f"http://127.0.0.1:{port}", timeout_s=1, allow_private=True).call("GET", "x", by=soon())


def test_a_dropped_connection_is_never_opened_again_in_silence() -> None:
    served = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                served.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        client = HttpClient(f"http://127.0.0.1:{port}", timeout_s=1, allow_private=True)
        assert client.call("GET", "x", by=soon()).status == 200
        thread.join()
        # The server closed the kept connection: this call is in doubt, and not one more request is made.
        with pytest.raises(NoAnswer):
            client.call("GET", "x", by=soon())
        client.close()
    assert len(served) == 1


def test_an_untrusted_certificate_gets_no_request(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as secure:
                        got.append(secure.recv(65536))
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        client = HttpClient(f"https://127.0.0.1:{port}", timeout_s=2, allow_private=True)
        with pytest.raises(NotSent, match="SSLCertVerificationError"):
            client.call("GET", "x", by=soon())
        thread.join()
    assert got == []


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody signed, with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path

"""The key outside the database: secrets in the database are encrypted under it, seals are derived from it."""

import os
import secrets as random
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_KEY_BYTES = 32
_NONCE_BYTES = 12
#: The first byte of what is encrypted, so that another way can follow one day.
_VERSION = b"\x01"


class SecretsError(Exception):
    """The secrets' key is missing, damaged, or not the one that something was encrypted under."""


class Secrets:
    """One installation's key and what is made from it."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _KEY_BYTES:
            raise SecretsError("کلید اسرار آسیب دیده است.")
        self._key = key

    @classmethod
    def load(cls, path: Path) -> "Secrets":
        """Read the key file. Raises SecretsError where there is none or it can't be read."""
        try:
            return cls(bytes.fromhex(path.read_text(encoding="ascii").strip()))
        except FileNotFoundError as error:
            raise SecretsError(
                f"کلید اسرار در «{path}» نیست. نخست vesal-server init را اجرا کنید."
            ) from error
        except (OSError, ValueError) as error:
            raise SecretsError(f"کلید اسرار «{path}» خوانده نشد یا آسیب دیده است.") from error

    @classmethod
    def load_or_create(cls, path: Path) -> "Secrets":
        """Read the key file, or make a new key in a file that only its owner reads.

        Two processes that make it at once end up with the same key.
        """
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = path.with_name(f"{path.name}.{random.token_hex(8)}")
            fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(fd, "w", encoding="ascii") as file:
                file.write(random.token_hex(_KEY_BYTES) + "\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            except OSError:
                # A file system without links: nobody else makes a key there at the same moment.
                fresh.replace(path)
            fresh.unlink(missing_ok=True)
        return cls.load(path)

    def export(self) -> bytes:
        """The bare key, for a backup that is itself encrypted."""
        return self._key

    def encrypt(self, plain: str, context: str) -> bytes:
        """Encrypt a text; it can be read again only with the same `context` (the setting's key, say)."""
        nonce = random.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self.derive("encrypt")).encrypt(nonce, plain.encode(), context.encode())
        return _VERSION + nonce + sealed

    def decrypt(self, stored: bytes, context: str) -> str:
        """Read what `encrypt` made. Raises SecretsError where key or context is another."""
        nonce, sealed = stored[1 : 1 + _NONCE_BYTES], stored[1 + _NONCE_BYTES :]
        if stored[:1] != _VERSION:
            raise SecretsError("مقدار رمز شده ناشناخته است.")
        try:
            return AESGCM(self.derive("encrypt")).decrypt(nonce, sealed, context.encode()).decode()
        except InvalidTag as error:
            raise SecretsError("کلید اسرار با پایگاه داده جور نیست: کلیدی دیگر به کار رفته است.") from error

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose (an HMAC, say), the same each time."""
        return HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"vesal {purpose}".encode()).derive(self._key)

    def seal_letter_key(self, key: Ed25519PrivateKey, key_id: str) -> bytes:
        """A letter signing key as it is stored: encrypted, bound to its id."""
        raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return self.encrypt(raw.hex(), f"letter key {key_id}")

    def open_letter_key(self, stored: bytes, key_id: str) -> Ed25519PrivateKey:
        """Read what `seal_letter_key` made."""
        return Ed25519PrivateKey.from_private_bytes(
            bytes.fromhex(self.decrypt(stored, f"letter key {key_id}"))
        )

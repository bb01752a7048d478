"""Uploads: type by content, size limits, and names that never become paths."""

from typing import Final

from vesal_shared import problems
from vesal_shared.problems import Refusal

#: What the first bytes of a file say it is.
_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),
    # A zip file without any member.
    (b"PK\x05\x06", "application/zip"),
)


def content_type(head: bytes) -> str | None:
    """The type that the first bytes of a file show, None for others."""
    return next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None)


def check(head: bytes, size: int, *, accepted: dict[str, str], max_bytes: int) -> str:
    """The type of an upload; refused where it is empty, too large, or none of `accepted`.

    `accepted` maps media types to what people call them.
    """
    if size == 0:
        raise Refusal(problems.UPLOAD_EMPTY, field="file")
    if size > max_bytes:
        raise Refusal(problems.TOO_LARGE, params={"max": max(1, max_bytes // 2**20)}, field="file")
    kind = content_type(head)
    if kind is None or kind not in accepted:
        raise Refusal(
            problems.UPLOAD_TYPE,
            params={"expected": f"پذیرفته‌ها: {'، '.join(accepted.values())}"},
            field="file",
        )
    return kind

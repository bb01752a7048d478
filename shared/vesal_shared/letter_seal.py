"""The signed text of a letter's QR code: any branch can tell a true letter from a forged one, offline.

A signed number alone could be copied onto a forgery, so the seal says what the letter should say: kind, number,
date, loan, addressee and amount, packed bit by bit, with an Ed25519 signature (RFC 8032) over them. The text is
decimal digits only: QR codes pack digits as tightly as bytes, and a hand scanner that types what it reads is right
under any keyboard, Persian digits included. A letter's text stays within QR version 8 at level M, 49 modules, so
that in 27 mm with its quiet zone a module is at least 0.45 mm.

Layout, from the most significant bit: 1 (a guard, so that no leading zero is lost), format 4, key id 24, kind 2,
date 20 (days from 1900-01-01), number, loan number, addressee (each a length of 6 bits and symbols), amount (a
length of 6 bits and that many bits), 512 bits of signature.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from vesal_shared.digits import ascii_digits
from vesal_shared.letter_content import Kind
from vesal_shared.problems import LETTER_SEAL_FORGED, LETTER_SEAL_MALFORMED, LETTER_SEAL_UNKNOWN_KEY, Refusal

FORMAT = 1
#: More decimal digits than this do not fit QR version 8 at level M.
MAX_DIGITS = 365

_SIGNATURE_BITS = 512
_KEY_BITS = 24
#: What is signed begins with this, so that no signature made for another purpose with this key passes here.
_CONTEXT = b"vesal letter seal 1\0"
_EPOCH = dt.date(1900, 1, 1)
_KINDS: tuple[Kind, ...] = ("introduction_letter", "warning", "declaration")

#: Numbers and loan numbers: 4 bits a symbol; the last one announces 8 bits of ASCII.
_CODE_SYMBOLS = "0123456789-/._ "
#: Names: 6 bits a symbol; the last one announces 16 bits of Unicode.
_NAME_SYMBOLS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآأإئؤءة \u200c\u064b-–.،()0123456789…&/"
#: A name longer than this many letters is cut with an ellipsis: the paper has it whole.
MAX_NAME = 48
_NAME_BITS = 320
_CODE_BITS = 120


class SealFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a seal says about its letter; `addressee` without the gender title, `amount` in rials."""

    kind: Kind
    number: str
    date: dt.date
    loan_no: str
    addressee: str
    amount: int


class ReadSeal(msgspec.Struct, frozen=True, kw_only=True):
    """A seal whose signature holds: the key that made it and what it says."""

    key_id: str
    facts: SealFacts


def key_id(public_key: Ed25519PublicKey) -> str:
    """Return the name of a key: the first 24 bits of its SHA-256, as 6 hexadecimal digits."""
    raw = public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[: _KEY_BITS // 4]


def public_key(raw: bytes) -> Ed25519PublicKey:
    """Return the key of 32 raw bytes."""
    return Ed25519PublicKey.from_public_bytes(raw)


def sign(private_key: Ed25519PrivateKey, facts: SealFacts) -> str:
    """Return the QR text for these facts, decimal digits, the same for the same facts and key."""
    bits = _Writer()
    bits.put(1, 1)
    bits.put(FORMAT, 4)
    bits.put(int(key_id(private_key.public_key()), 16), _KEY_BITS)
    bits.put(_KINDS.index(facts.kind), 2)
    bits.put((facts.date - _EPOCH).days, 20)
    bits.put_text(ascii_digits(facts.number), _CODE_SYMBOLS, 4, 8, _CODE_BITS)
    bits.put_text(ascii_digits(facts.loan_no), _CODE_SYMBOLS, 4, 8, _CODE_BITS)
    bits.put_text(ascii_digits(facts.addressee), _NAME_SYMBOLS, 6, 16, _NAME_BITS)
    bits.put(facts.amount.bit_length(), 6)
    bits.put(facts.amount, facts.amount.bit_length())
    signature = private_key.sign(_signed(bits.value))
    return str(bits.value << _SIGNATURE_BITS | int.from_bytes(signature, "big"))


def verify(public_keys: Mapping[str, Ed25519PublicKey], text: str) -> ReadSeal:
    """Return what a scanned text says, if one of these keys (by key id) signed it.

    Raises Refusal: letter_seal_malformed (no seal at all), letter_seal_unknown_key, letter_seal_forged.
    """
    value = _number(text)
    claim, signature = value >> _SIGNATURE_BITS, value & ((1 << _SIGNATURE_BITS) - 1)
    bits = _Reader(claim)
    if bits.get(4) != FORMAT:
        raise Refusal(LETTER_SEAL_MALFORMED)
    name = f"{bits.get(_KEY_BITS):0{_KEY_BITS // 4}x}"
    if name not in public_keys:
        raise Refusal(LETTER_SEAL_UNKNOWN_KEY)
    try:
        public_keys[name].verify(signature.to_bytes(_SIGNATURE_BITS // 8, "big"), _signed(claim))
    except InvalidSignature as error:
        raise Refusal(LETTER_SEAL_FORGED) from error
    # From here on the text is ours; what can't be read was made by a later version.
    kind = bits.get(2)
    if kind >= len(_KINDS):
        raise Refusal(LETTER_SEAL_MALFORMED)
    facts = SealFacts(
        kind=_KINDS[kind],
        date=_EPOCH + dt.timedelta(days=bits.get(20)),
        number=bits.get_text(_CODE_SYMBOLS, 4, 8),
        loan_no=bits.get_text(_CODE_SYMBOLS, 4, 8),
        addressee=bits.get_text(_NAME_SYMBOLS, 6, 16),
        amount=bits.get(bits.get(6)),
    )
    return ReadSeal(key_id=name, facts=facts)


def _signed(claim: int) -> bytes:
    return _CONTEXT + claim.to_bytes((claim.bit_length() + 7) // 8, "big")


def _number(text: str) -> int:
    """Read the digits, Persian and Arabic ones too, passing over the spaces of hand typing."""
    compact = "".join(text.split())
    digits = "".join(str(int(c)) for c in compact if c.isdecimal())
    if (
        len(digits) != len(compact)
        or not _SIGNATURE_BITS // 4 < len(digits) <= MAX_DIGITS
        or digits[0] == "0"
    ):
        raise Refusal(LETTER_SEAL_MALFORMED)
    return int(digits)


class _Writer:
    """Packs numbers and texts into one growing whole number."""

    def __init__(self) -> None:
        self.value = 0

    def put(self, number: int, width: int) -> None:
        if not 0 <= number < 1 << width:
            raise ValueError(f"{number} does not fit {width} bits")
        self.value = self.value << width | number

    def put_text(self, text: str, symbols: str, width: int, escape_width: int, room: int) -> None:
        """Pack what fits into `room` bits; a text that is cut ends in «…» where the symbols have it."""
        codes = [self._code(c, symbols, width, escape_width) for c in text]
        if len(codes) > MAX_NAME or sum(bits for _, bits in codes) > room:
            last = self._code("…" if "…" in symbols else ".", symbols, width, escape_width)
            codes = codes[: MAX_NAME - 1]
            while sum(bits for _, bits in codes) + last[1] > room:
                codes.pop()
            codes.append(last)
        self.put(len(codes), 6)
        for number, bits in codes:
            self.put(number, bits)

    @staticmethod
    def _code(c: str, symbols: str, width: int, escape_width: int) -> tuple[int, int]:
        index = symbols.find(c)
        if index >= 0:
            return index, width
        point = ord(c) if ord(c) < 1 << escape_width else ord("?")
        escape = (1 << width) - 1
        return escape << escape_width | point, width + escape_width


class _Reader:
    """Takes back what `_Writer` packed, after the guard bit."""

    def __init__(self, value: int) -> None:
        self._value = value
        self._left = value.bit_length() - 1

    def get(self, width: int) -> int:
        if width > self._left:
            raise Refusal(LETTER_SEAL_MALFORMED)
        self._left -= width
        return self._value >> self._left & ((1 << width) - 1)

    def get_text(self, symbols: str, width: int, escape_width: int) -> str:
        escape = (1 << width) - 1
        found = []
        for _ in range(self.get(6)):
            index = self.get(width)
            if index == escape:
                found.append(chr(self.get(escape_width)))
            elif index < len(symbols):
                found.append(symbols[index])
            else:
                raise Refusal(LETTER_SEAL_MALFORMED)
        return "".join(found)

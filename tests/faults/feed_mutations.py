"""Feeds broken on their way: cut, padded, recoded, with wrong figures, in archives that lead astray."""

import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

from tests.feeds import FeedRows, control, customer, facility, pair
from tests.server.intake.world import World, world
from vesal_server.kit.db import Database

DAY = date(2026, 11, 20)
Files = dict[str, bytes]


class Mutations:
    """Breaks a good feed in many ways and watches what the intake makes of it."""

    def __init__(self, database: Database, seed: int) -> None:
        self._database = database
        self._random = random.Random(seed)
        self.refused = self.taken = self.unchanged = 0
        self.failures: list[str] = []

    def run(self, count: int) -> None:
        """Try so many broken feeds, each against the same bank."""
        kinds = [*_FILE_KINDS, *_ZIP_KINDS]
        with world(self._database) as bank:
            first = bank.take(_good(DAY, self._random).write(bank.path()))
            assert first.status == "taken", first.reason
            for number in range(count):
                kind = kinds[number % len(kinds)]
                try:
                    self._try(bank, kind)
                except Exception as error:  # noqa: BLE001 - an unhandled error is what is looked for
                    self.failures.append(f"{kind.__name__} ({number}): {type(error).__name__}: {error}"[:400])
                    return

    def _try(self, bank: World, kind: Callable[..., object]) -> None:
        rows = _good(DAY + timedelta(days=self._random.randrange(3)), self._random)
        files: Files = rows.files()
        files["manifest.json"] = json.dumps(control(rows.as_of, files)).encode()
        path = bank.path()
        if kind in _ZIP_KINDS:
            path = path.with_suffix(".zip")
            content = kind(files, self._random)
            assert isinstance(content, bytes)
            path.write_bytes(content)
        else:
            kind(files, self._random)
            path.mkdir()
            for name, content in files.items():
                (path / name).write_bytes(content)
        before = bank.dump()
        savepoint = bank.connection.begin_nested()
        result = bank.take(path)
        if result.status == "refused":
            self.refused += 1
            if not result.reason or bank.dump() != before:
                self.failures.append(
                    f"{kind.__name__}: refused, but something changed or no reason was given"
                )
        elif result.status == "unchanged":
            self.unchanged += 1
            if bank.dump() != before:
                self.failures.append(f"{kind.__name__}: unchanged, but something changed")
        else:
            self.taken += 1
            after = bank.dump()
            again = bank.take(path)
            if again.status != "unchanged" or bank.dump() != after:
                self.failures.append(f"{kind.__name__}: the same feed again is {again.status}")
        savepoint.rollback()


def _good(as_of: date, pick: random.Random) -> FeedRows:
    rows = FeedRows(as_of)
    for number in range(30):
        rows.customers.append(
            customer(str(100 + number), last_name=f"نمونه {number}", address="خیابان «یکم»، پلاک ۲")
        )
        days = (as_of - DAY).days + 10 + number + (pick.random() < 0.1)
        rows.facilities.append(
            facility(
                f"L-{number}", str(100 + number), overdue_days=str(days), overdue_amount=f"{number}000.0000"
            )
        )
        rows.guarantors.append(pair(f"L-{number}", str(100 + (number + 1) % 30)))
    return rows


def _any_csv(pick: random.Random) -> str:
    return pick.choice(["customers.csv", "facilities.csv", "guarantors.csv"])


def _right_again(files: Files) -> None:
    """Give the broken bytes right control figures, so that the checks behind these are reached."""
    data = {name: content for name, content in files.items() if name != "manifest.json"}
    as_of = date.fromisoformat(json.loads(files["manifest.json"])["as_of"])
    files["manifest.json"] = json.dumps(control(as_of, data)).encode()


def cut(files: Files, pick: random.Random) -> None:
    name = pick.choice(list(files))
    files[name] = files[name][: pick.randrange(len(files[name]))]


def cut_with_right_sum(files: Files, pick: random.Random) -> None:
    name = _any_csv(pick)
    files[name] = files[name][: pick.randrange(len(files[name]))]
    _right_again(files)


def flipped(files: Files, pick: random.Random) -> None:
    name = pick.choice(list(files))
    content = bytearray(files[name])
    content[pick.randrange(len(content))] ^= 1 << pick.randrange(8)
    files[name] = bytes(content)


def flipped_with_right_sum(files: Files, pick: random.Random) -> None:
    name = _any_csv(pick)
    content = bytearray(files[name])
    for _ in range(pick.randrange(1, 6)):
        content[pick.randrange(len(content))] = pick.randrange(256)
    files[name] = bytes(content)
    _right_again(files)


def byte_order_mark(files: Files, pick: random.Random) -> None:
    for name in files:
        if pick.random() < 0.7:
            files[name] = b"\xef\xbb\xbf" + files[name]
    _right_again(files)


def arabic_letters(files: Files, pick: random.Random) -> None:
    for name in ("customers.csv", "facilities.csv"):
        text = files[name].decode().replace("ی", "ي").replace("ک", "ك").replace("0", pick.choice("۰٠0"))
        files[name] = text.replace("۰", "۰").encode()
    _right_again(files)


def other_encoding(files: Files, pick: random.Random) -> None:
    files["customers.csv"] = (
        files["customers.csv"].decode().encode(pick.choice(["utf-16", "utf-8-sig", "utf-16-le"]))
    )
    _right_again(files)


def line_ends(files: Files, pick: random.Random) -> None:
    name = _any_csv(pick)
    files[name] = files[name].replace(b"\n", pick.choice([b"\r\n", b"\r", b"\n\n", b"\n \n", b"\n\r\n"]))
    _right_again(files)


def loose_quotes(files: Files, pick: random.Random) -> None:
    name = _any_csv(pick)
    content = bytearray(files[name])
    for _ in range(pick.randrange(1, 4)):
        content.insert(pick.randrange(len(content)), ord('"'))
    files[name] = bytes(content)
    _right_again(files)


def odd_bytes(files: Files, pick: random.Random) -> None:
    name = _any_csv(pick)
    content = bytearray(files[name])
    for _ in range(pick.randrange(1, 4)):
        content[pick.randrange(len(content)) : 0] = pick.choice(
            [b"\0", b"\\", b"\t", b"\\N", b"\\.", b"\xe2\x80\x8e"]
        )
    files[name] = bytes(content)
    _right_again(files)


def wrong_figures(files: Files, pick: random.Random) -> None:
    document = json.loads(files["manifest.json"])
    where = pick.choice(["rows", "sha256", "overdue_amount", "format", "as_of", "files", "nothing"])
    value: object = pick.choice(
        [None, -1, 10**30, "x", 1.5, True, [], {}, "1405/13/40", "2027-01-01", "2026-02-30"]
    )
    if where in {"rows", "sha256"}:
        document["files"][_any_csv(pick)][where] = value
    else:
        document[where] = value
    files["manifest.json"] = json.dumps(document).encode()


def no_manifest(files: Files, pick: random.Random) -> None:
    files["manifest.json"] = pick.choice(
        [b"", b"[]", b"null", b"{", b"[" * 5_000, b"\xff\xfe", b'{"as_of": 1}', b"1" * 9_999]
    )


def missing_file(files: Files, pick: random.Random) -> None:
    del files[pick.choice(list(files))]


def header_changes(files: Files, pick: random.Random) -> None:
    name = _any_csv(pick)
    first, _, rest = files[name].decode().partition("\n")
    titles = first.split(",")
    place = pick.randrange(len(titles))
    titles[place] = pick.choice(["", "x", titles[0], titles[place].upper(), f" {titles[place]} "])
    files[name] = f"{','.join(titles)}\n{rest}".encode()
    _right_again(files)


def empty_file(files: Files, pick: random.Random) -> None:
    name = _any_csv(pick)
    files[name] = pick.choice([b"", b"\n", b"\n\n", files[name].split(b"\n")[0]])
    _right_again(files)


def long_field(files: Files, pick: random.Random) -> None:
    name = _any_csv(pick)
    files[name] = files[name].replace(b"\n", b"\n" + b"9" * pick.choice([200_000, 5_000_000]) + b",", 2)
    _right_again(files)


def big_numbers(files: Files, pick: random.Random) -> None:
    text = files["facilities.csv"].decode()
    number = "9" * pick.choice([10, 18, 19, 20, 400])
    files["facilities.csv"] = text.replace("500000000", number, 1).replace(",10,", f",{number},", 1).encode()
    _right_again(files)


def zipped(files: Files, pick: random.Random) -> bytes:
    return _zip(files, inside=pick.choice(["", "feed/"]))


def zip_cut(files: Files, pick: random.Random) -> bytes:
    content = _zip(files)
    return content[: pick.randrange(len(content))]


def zip_flipped(files: Files, pick: random.Random) -> bytes:
    content = bytearray(_zip(files))
    for _ in range(pick.randrange(1, 5)):
        content[pick.randrange(len(content))] ^= 1 << pick.randrange(8)
    return bytes(content)


def zip_escape(files: Files, pick: random.Random) -> bytes:
    name = pick.choice(
        [
            "../customers.csv",
            "/etc/passwd",
            "..\\..\\x.csv",
            "C:\\x.csv",
            "feed/../../x",
            "\\\\server\\share\\x",
        ]
    )
    return _zip({**files, name: b"x"})


def zip_link(files: Files, pick: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            is_link = name == "customers.csv"
            if is_link:
                info.create_system, info.external_attr = 3, 0o120777 << 16
            archive.writestr(info, b"/etc/passwd" if is_link else content)
    return out.getvalue()


def zip_bomb(files: Files, pick: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if name != "customers.csv":
                archive.writestr(name, content)
        with archive.open("customers.csv", "w", force_zip64=True) as stream:
            block = pick.choice([b"0", b"\n", b",", b"\0"]) * 2**20
            for _ in range(pick.choice([66, 70])):
                stream.write(block)
    return out.getvalue()


def zip_many(files: Files, pick: random.Random) -> bytes:
    return _zip({**files, **{f"x/{number}": b"" for number in range(1_500)}})


def zip_twice(files: Files, pick: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for folder in pick.choice([("", "feed/"), ("a/", "b/")]):
            for name, content in files.items():
                archive.writestr(f"{folder}{name}", content)
    return out.getvalue()


def zip_with_junk(files: Files, pick: random.Random) -> bytes:
    return _zip({**files, "__MACOSX/customers.csv": b"x", ".DS_Store": b"x", "readme.txt": b"x"})


def not_a_zip(files: Files, pick: random.Random) -> bytes:
    return pick.choice([b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" * 100, pick.randbytes(500)])


def _zip(files: Files, inside: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(f"{inside}{name}")
            info.filename = f"{inside}{name}"
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


_FILE_KINDS: list[Callable[[Files, random.Random], None]] = [
    cut, cut_with_right_sum, flipped, flipped_with_right_sum, byte_order_mark, arabic_letters, other_encoding,
    line_ends, loose_quotes, odd_bytes, wrong_figures, no_manifest, missing_file, header_changes, empty_file,
    long_field, big_numbers,
]  # fmt: skip
_ZIP_KINDS: list[Callable[[Files, random.Random], bytes]] = [
    zipped, zip_cut, zip_flipped, zip_escape, zip_link, zip_bomb, zip_many, zip_twice, zip_with_junk, not_a_zip,
]  # fmt: skip

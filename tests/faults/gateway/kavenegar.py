"""Kavenegar's protocol on the fake gateway's side, written from the protocol's description, not from our driver."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.faults.gateway.faults import Dice
from tests.faults.gateway.ledger import Ledger

KEY = "test-key"
#: Longer than any client in a test waits.
SILENCE_S = 30.0


class Server(ThreadingHTTPServer):
    """The fake service; `/_control` turns its switches and `/_stats` tells what it saw."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, dice: Dice, ledger: Ledger) -> None:
        self.dice = dice
        self.ledger = ledger
        self.stopping = threading.Event()
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed in mid-call is what this gateway is for."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server  # type: ignore[mutable-override]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the ledger is the log."""

    def do_GET(self) -> None:
        self._serve(parse_qs(urlsplit(self.path).query))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8")
        if self.path == "/_control":
            self.server.dice.set(json.loads(body))
            self._answer(200, [])
            return
        self._serve(parse_qs(body) | parse_qs(urlsplit(self.path).query))

    def _serve(self, form: dict[str, list[str]]) -> None:
        if self.path == "/_stats":
            ledger = self.server.ledger
            self._answer(200, [{"accepted": len(ledger.by_id), "calls": ledger.calls}])
            return
        parts = urlsplit(self.path).path.strip("/").split("/")
        faults = self.server.dice.faults
        if len(parts) != 4 or parts[0] != "v1" or not parts[3].endswith(".json"):
            self._answer(404, None)
        elif parts[1] != KEY or faults.bad_key:
            self.server.ledger.calls += 1
            self._answer(403, None)
        else:
            method = f"{parts[2]}/{parts[3].removesuffix('.json')}"
            if faults.delay:
                self.server.stopping.wait(faults.delay)
            if method == "sms/sendarray":
                self._send_array(form)
            elif method == "sms/statuslocalmessageid":
                self._by_local_id(form)
            elif method == "sms/status":
                self._status(form)
            elif method == "account/info":
                self._answer(200, [{"remaincredit": 0 if faults.no_credit else 5_000_000, "type": "master"}])
            else:
                self._answer(404, None)

    def _send_array(self, form: dict[str, list[str]]) -> None:
        self.server.ledger.calls += 1
        try:
            receptors = [str(one) for one in json.loads(form["receptor"][0])]
            texts = [str(one) for one in json.loads(form["message"][0])]
            references = [int(one) for one in json.loads(form["localmessageids"][0])]
            senders = json.loads(form["sender"][0])
        except (KeyError, ValueError):
            self._answer(400, None)
            return
        if not len(receptors) == len(texts) == len(references) == len(senders):
            self._answer(419, None)
            return
        if len(receptors) > 200:
            self._answer(414, None)
            return
        faults = self.server.dice.faults
        if faults.no_credit:
            self._answer(418, None)
            return
        if any(not (to.startswith("09") and len(to) == 11) for to in receptors):
            self._answer(411, None)
            return
        if any(len(text) > 900 for text in texts):
            self._answer(413, None)
            return
        self._misbehave(list(zip(references, receptors, texts, strict=True)))

    def _misbehave(self, messages: list[tuple[int, str, str]]) -> None:
        misfortune = self.server.dice.draw()
        faults = self.server.dice.faults
        if misfortune == "drop_before":
            self._drop()
            return
        if misfortune == "time_out":
            self.server.stopping.wait(SILENCE_S)
            self._drop()
            return
        if misfortune == "rate_limit":
            self._answer(451, None)
            return
        if misfortune == "accept_late":
            self.server.stopping.wait(faults.late_s)
        records = self.server.ledger.accept(messages, dedup=faults.dedup)
        if misfortune in {"drop_after", "accept_late"}:
            self._drop()
        elif misfortune == "error_after":
            self._answer(500, None)
        else:
            entries = [
                {
                    "messageid": int(str(record["id"])),
                    "message": record["text"],
                    "status": 1,
                    "statustext": "در صف ارسال",
                    "sender": "1000",
                    "receptor": record["to"],
                    "date": int(time.time()),
                    "cost": 120,
                }
                for record in records
            ]
            self._answer(200, entries, cut=misfortune == "cut_body")

    def _by_local_id(self, form: dict[str, list[str]]) -> None:
        if not self.server.dice.faults.lookup:
            self._answer(404, None)
            return
        entries = []
        for part in form.get("localid", [""])[0].split(","):
            record = self.server.ledger.by_reference.get(int(part)) if part.isdigit() else None
            entries.append(
                {
                    "messageid": int(str(record["id"])) if record else 0,
                    "localid": int(part) if part.isdigit() else 0,
                    "status": 4 if record else 100,
                    "statustext": "",
                }
            )
        self._answer(200, entries)

    def _status(self, form: dict[str, list[str]]) -> None:
        ids = form.get("messageid", [""])[0].split(",")
        if len(ids) > 500:
            self._answer(414, None)
            return
        entries = []
        for one in ids:
            record = self.server.ledger.by_id.get(one)
            # Which messages arrive is decided by the number alone, so that a test can foresee it.
            arrived = record is not None and not str(record["to"]).endswith("7")
            entries.append(
                {
                    "messageid": int(one) if one.isdigit() else 0,
                    "status": 100 if record is None else 10 if arrived else 11,
                    "statustext": "رسیده" if arrived else "نرسیده",
                }
            )
        self._answer(200, entries)

    def _answer(self, status: int, entries: object, *, cut: bool = False) -> None:
        content = {
            "return": {"status": status, "message": "" if status == 200 else "خطا"},
            "entries": entries,
        }
        body = json.dumps(content, ensure_ascii=False).encode("utf-8")
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut else body)
        except OSError:
            self.close_connection = True
        if cut:
            self._drop()

    def _drop(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(2)
        except OSError:
            return

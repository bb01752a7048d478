"""The demo that a newcomer sees first, on a small bank."""

import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]


def run(output: Path) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "vesal_server.cli.demo",
            "--output",
            str(output),
            "--headless",
            "--customers",
            "400",
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_the_demo_shows_the_whole_main_job(tmp_path: Path) -> None:
    output = tmp_path / "demo-output"
    first = run(output)
    assert "تسهیلات معوق" in first.stdout
    messages = [
        json.loads(line)
        for line in (output / "data" / "outbox.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert messages
    assert len({message["client_reference"] for message in messages}) == len(messages)
    letters = sorted((output / "letters").glob("*.pdf"))
    assert len(letters) >= 2
    assert all(letter.read_bytes().startswith(b"%PDF-") for letter in letters)
    pictures = sorted((output / "pictures").glob("*.png"))
    assert len(pictures) >= 8
    for picture in pictures:
        with Image.open(picture) as image:
            assert image.width >= 1280
            # A page that was not filled is one colour or nearly so.
            assert len(image.convert("RGB").getcolors(1 << 24) or []) > 50
    again = run(output)
    assert "از پیش ساخته شده" in again.stderr

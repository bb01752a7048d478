"""`vesal letter render`: files, exit statuses and sentences."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.letters import samples
from tests.client.letters.readers import page_count
from vesal_client.letters.cli import main
from vesal_shared.letter_content import as_plain, encode


@pytest.fixture
def content(tmp_path: Path) -> Path:
    path = tmp_path / "content.json"
    path.write_bytes(encode(samples.two_pages()))
    return path


def test_one_letter(content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "letter.pdf"
    assert main(["render", str(content), "-o", str(target)]) == 0
    assert page_count(target.read_bytes()) == 2
    assert "۱ نامه" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == sorted([content, target])


def test_a_list_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "list.json", tmp_path / "all.pdf"
    source.write_bytes(b"[" + encode(samples.introduction()) + b"," + encode(samples.window()) + b"]")
    assert main(["render", "--json", str(source), "-o", str(target)]) == 0
    assert json.loads(capsys.readouterr().out) == {"letters": 2, "file": str(target)}
    assert page_count(target.read_bytes()) == 2


def test_an_answer_of_the_service_is_taken(tmp_path: Path) -> None:
    answer = {"items": [{"id": 1, "number": "x", "content": as_plain(samples.introduction())}], "total": 1}
    source, target = tmp_path / "answer.json", tmp_path / "all.pdf"
    source.write_text(json.dumps(answer), encoding="utf-8")
    assert main(["render", str(source), "-o", str(target)]) == 0
    source.write_text(json.dumps(answer["items"][0]), encoding="utf-8")  # type: ignore[index]
    assert main(["render", str(source), "-o", str(target)]) == 0


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"[1]", b'{"items": [{}]}', b"\xff\xfe", b"PDF"])
def test_a_wrong_file_is_refused_and_nothing_is_written(
    tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "wrong.json", tmp_path / "letter.pdf"
    source.write_bytes(data)
    target.write_bytes(b"what was there")
    assert main(["render", str(source), "-o", str(target)]) == 3
    assert capsys.readouterr().err == "این فایل محتوای نامه نیست.\n"
    assert target.read_bytes() == b"what was there"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "arguments", [[], ["render"], ["render", "x.json"], ["draw"], ["render", "--colour"]]
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "دستور درست نیست" in capsys.readouterr().err


def test_files_that_are_not_there(content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(tmp_path / "none.json"), "-o", str(tmp_path / "letter.pdf")]) == 2
    assert "خوانده نشد: چنین فایل" in capsys.readouterr().err
    assert main(["render", str(content), "-o", str(tmp_path / "none" / "letter.pdf")]) == 2
    assert "نوشته نشد" in capsys.readouterr().err


def test_help_is_no_error() -> None:
    assert main(["--help"]) == 0


def test_letters_need_no_qt_and_no_service(content: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from vesal_client.letters.cli import main; "
        f"status = main(['render', {str(content)!r}, '-o', {str(tmp_path / 'x.pdf')!r}]); "
        "wrong = [m for m in sys.modules if m.startswith(('PySide6', 'vesal_server', 'sqlalchemy', 'urllib3'))]; "
        "sys.exit(status or len(wrong))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr

"""`vesal grab` as a command: pictures of pages, refusals as words and exit status."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

from tests.client.pages.conftest import OFFICER
from tests.conftest import Service
from tests.worlds import PASSWORD


def vesal(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vesal_client.main", *arguments],
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def grab(
    service: Service, page: str, output: Path, *more: str, password: str = PASSWORD
) -> subprocess.CompletedProcess[str]:
    return vesal(
        "grab", "--server", service.url, "--username", OFFICER, "--password-stdin", "--page", page, "-o", str(output),
        *more, given=f"{password}\n",
    )  # fmt: skip


def test_a_page_becomes_a_picture_of_the_asked_size(bank: Service, tmp_path: Path) -> None:
    file = tmp_path / "new" / "home.png"
    done = grab(bank, "home", file, "--size", "1100x700", "--scale", "1.5", "--theme", "dark")
    assert (done.returncode, done.stderr) == (0, "")
    image = QImage(str(file))
    assert (image.width(), image.height()) == (1650, 1050)
    assert image.pixelColor(900, 80).name() == "#14171c"


def test_refusals_are_words_and_status_three(bank: Service, tmp_path: Path) -> None:
    file = tmp_path / "no.png"
    wrong = grab(bank, "home", file, password="نادرست")
    assert wrong.returncode == 3
    assert wrong.stderr.startswith("نام کاربری یا کلمه عبور درست نیست.")
    foreign = grab(bank, "data_reception", file)
    assert (foreign.returncode, foreign.stderr.strip()) == (3, "شما به این صفحه دسترسی ندارید.")
    assert not file.exists()


def test_wrong_usage_is_status_two() -> None:
    assert vesal("grab", "--page", "home").returncode == 2
    assert vesal("--page", "nowhere").returncode == 2
    assert vesal("--help").returncode == 0


def test_nobody_there_is_an_ordinary_failure(tmp_path: Path) -> None:
    done = vesal(
        "grab", "--server", "http://127.0.0.1:9", "--username", "x", "--password-stdin", "--page", "home",
        "-o", str(tmp_path / "x.png"), given="y\n",
    )  # fmt: skip
    assert done.returncode == 1
    assert "سرور در دسترس نیست" in done.stderr
    assert "Traceback" not in done.stderr

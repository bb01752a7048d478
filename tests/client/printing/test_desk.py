"""Saving letters: one, many, as one file; stopping, trouble with the disk."""

import threading
from pathlib import Path

import pytest

from tests.client.letters import samples
from tests.client.letters.readers import page_count
from vesal_client.printing.desk import LetterDesk
from vesal_shared.problems import Refusal

CONTENTS = [samples.introduction(), samples.first_warning(), samples.two_pages()]


def never() -> bool:
    return False


def test_a_file_a_letter(tmp_path: Path) -> None:
    told: list[int] = []
    written = LetterDesk().save_each(CONTENTS, tmp_path, tell=told.append, stopped=never)
    assert [path.name for path in written] == [
        "1405-6140-000123.pdf",
        "1405-6140-000187.pdf",
        "1405-6140-000305.pdf",
    ]
    assert sorted(tmp_path.iterdir()) == sorted(written)
    assert told == [1, 2, 3]
    assert page_count(written[2].read_bytes()) == 2


def test_all_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    assert LetterDesk().save_as_one(CONTENTS, path, tell=lambda _: None, stopped=never) == 3
    assert page_count(path.read_bytes()) == 4


def test_stopping_leaves_whole_files_only(tmp_path: Path) -> None:
    told: list[int] = []
    desk = LetterDesk()
    written = desk.save_each(CONTENTS, tmp_path, tell=told.append, stopped=lambda: len(told) == 2)
    assert len(written) == 2
    one = tmp_path / "one.pdf"
    assert desk.save_as_one(CONTENTS, one, tell=told.append, stopped=lambda: len(told) >= 3) == 0
    assert not one.exists()
    assert sorted(tmp_path.iterdir()) == sorted(written)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        LetterDesk().save_each(CONTENTS, tmp_path / "none", tell=lambda _: None, stopped=never)
    assert "1405-6140-000123.pdf" in caught.value.title
    with pytest.raises(Refusal):
        LetterDesk().save_as_one(CONTENTS, tmp_path / "none" / "x.pdf", tell=lambda _: None, stopped=never)


def test_what_was_drawn_is_kept_and_threads_share_it() -> None:
    desk = LetterDesk()
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(desk.pdf(1, samples.introduction()))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert desk.kept(1) == found[0]
    assert desk.kept(2) is None

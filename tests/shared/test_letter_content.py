"""A letter's content travels as JSON and comes back the same; a wrong file is refused in words."""

import json

import msgspec
import pytest

from tests.client.letters import samples
from vesal_shared.letter_content import LetterContent, as_plain, decode, decode_many, encode, from_plain
from vesal_shared.problems import Refusal


@pytest.mark.parametrize("name", samples.ALL)
def test_it_comes_back_the_same(name: str) -> None:
    content = samples.ALL[name]()
    assert decode(encode(content)) == content
    assert from_plain(json.loads(json.dumps(as_plain(content)))) == content
    assert encode(content) == encode(decode(encode(content)))


def test_a_list_and_a_single_one_are_read() -> None:
    one, two = samples.introduction(), samples.window()
    listed = b"\xef\xbb\xbf[" + encode(one) + b"," + encode(two) + b"]"
    assert decode_many(listed) == [one, two]
    assert decode_many(b" \n" + encode(one)) == [one]


def changed(**fields: object) -> bytes:
    plain = as_plain(samples.introduction())
    return json.dumps({**plain, **fields}).encode()


def owed(**fields: object) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(samples.introduction().debt)
    return {**plain, **fields}


WRONG = {
    "no JSON": b"%PDF-1.7",
    "not UTF-8": b"\xff\xfe{",
    "empty": b"",
    "empty list": b"[]",
    "another thing": b'{"a": 1}',
    "a later format": changed(format=2),
    "an unknown field": changed(colour="red"),
    "an unknown kind": changed(kind="postcard"),
    "no paragraph": changed(paragraphs=[]),
    "a Jalali date": changed(date="1405/09/03"),
    "money with a fraction": changed(debt=owed(overdue_amount=1.5)),
    "a negative amount": changed(debt=owed(overdue_amount=-1)),
    "a logo that is no base64": changed(bank={"name": "بانک", "logo": "*"}),
    "a seal of letters": changed(seal={"key_id": "a", "text": "abc"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as caught:
        decode_many(WRONG[name])
    assert caught.value.code == "letter_content_unreadable"


def test_nothing_can_be_changed_afterwards() -> None:
    content: LetterContent = samples.introduction()
    with pytest.raises(AttributeError):
        content.number = "1"  # type: ignore[misc]
    assert msgspec.structs.replace(content, number="1").number == "1"

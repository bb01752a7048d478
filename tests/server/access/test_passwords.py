"""What may be a password, and how it is kept."""

import pytest

from tests.worlds import CHEAP
from vesal_server.access import passwords
from vesal_shared.problems import Refusal


@pytest.mark.parametrize(
    "password", ["سلام بر همه دوستان", "correct horse battery", "ا" * 10, "x7" * 64, "          .."]
)
def test_length_and_not_being_common_is_all_that_is_asked(password: str) -> None:
    passwords.check(password, names=("niloofar", "نیلوفر", "محمدی", "بانک نمونه"))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("نه‌نویسه۱", "password_too_short"),
        ("a" * 129, "password_too_long"),
        ("password123", "password_common"),
        ("PassWord123", "password_common"),
        ("qwertyuiop", "password_common"),
        ("1234567890", "password_common"),
        ("Niloofar.Mohammadi", "password_like_name"),
        ("نیلوفر محمدی", "password_like_name"),
        ("نيلوفرمحمدي", "password_like_name"),
        ("بانک نمونه ایران", "password_like_name"),
    ],
)
def test_a_bad_password_is_refused(password: str, code: str) -> None:
    names = ("niloofar.mohammadi", "نیلوفر محمدی", "بانک نمونه ایران")
    with pytest.raises(Refusal) as refused:
        passwords.check(password, names=names)
    assert refused.value.code == code
    assert refused.value.errors[0].field == "password"


def test_a_made_password_passes_its_own_policy_and_is_never_the_same() -> None:
    made = {passwords.make() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        passwords.check(one)


def test_hashes_are_salted_argon2id_and_verify() -> None:
    first, second = CHEAP.hash("رمز بسیار خوب"), CHEAP.hash("رمز بسیار خوب")
    assert first != second
    assert first.startswith("$argon2id$")
    assert CHEAP.verify(first, "رمز بسیار خوب")
    assert not CHEAP.verify(first, "رمز بسیار بد")
    assert not CHEAP.verify("no hash at all", "رمز بسیار خوب")
    # Nobody's password is never right.
    assert not CHEAP.verify(None, "رمز بسیار خوب")


def test_the_default_cost_is_owasps() -> None:
    assert "m=19456,t=2,p=1" in passwords.Hasher().hash("رمز بسیار خوب")

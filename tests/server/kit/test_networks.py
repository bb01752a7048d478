"""From which addresses a branch's users come, behind which proxies."""

import pytest

from vesal_server.kit import networks


@pytest.mark.parametrize(
    ("written", "address", "inside"),
    [
        ("", "203.0.113.9", True),
        ("10.20.30.0/24", "10.20.30.7", True),
        ("10.20.30.0/24", "10.20.31.7", False),
        ("10.1.1.5", "10.1.1.5", True),
        ("10.1.1.5/24", "10.1.1.9", True),
        ("10.1.1.5، 10.2.0.0/16; fd00::/8", "fd00::1", True),
        ("10.1.1.5 10.2.0.0/16", "10.2.9.9", True),
        ("10.1.1.5", "::ffff:10.1.1.5", True),
        ("10.1.1.5", "not an address", False),
        ("10.1.1.5", "", False),
    ],
)
def test_an_address_lies_in_a_branchs_networks(written: str, address: str, *, inside: bool) -> None:
    assert networks.allowed(written, address) is inside


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="500"):
        networks.parse("10.1.1.5 10.1.1.500")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "10.0.0.1", "203.0.113.9"),
        ("10.0.0.2", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1, 203.0.113.9, 10.0.0.3", "203.0.113.9"),
        ("10.0.0.2", None, "10.0.0.2"),
        ("10.0.0.2", " , ", "10.0.0.2"),
    ],
)
def test_a_header_is_believed_only_from_named_proxies(peer: str, forwarded: str | None, address: str) -> None:
    assert networks.client_address(peer, forwarded, networks.parse("10.0.0.0/30")) == address

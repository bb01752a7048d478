"""From which addresses a branch's users may come."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def parse(written: str) -> list[Network]:
    """The networks of a text («10.20.30.0/24 10.1.1.5»), separated by blanks or commas.

    Raises ValueError for one that is none.
    """
    return [ip_network(part, strict=False) for part in re.split(r"[\s,;،؛]+", written) if part]


def allowed(written: str, address: str) -> bool:
    """Whether the address lies in one of a branch's networks; a branch without networks allows all."""
    networks = parse(written)
    return not networks or within(networks, address)


def within(networks: Sequence[Network], address: str) -> bool:
    """Whether the address lies in one of the networks; no address lies in none."""
    try:
        asked = ip_address(address)
    except ValueError:
        return False
    # An IPv4 client of a dual-stack socket comes as ::ffff:a.b.c.d.
    mapped = getattr(asked, "ipv4_mapped", None)
    asked = mapped or asked
    return any(asked.version == network.version and asked in network for network in networks)


def client_address(peer: str, forwarded: str | None, trusted: Sequence[Network]) -> str:
    """The address of who asks: the peer, or behind named proxies the last that none of them is.

    `forwarded` is X-Forwarded-For; it is believed only as far as trusted proxies wrote it.
    """
    chain = [part.strip() for part in (forwarded or "").split(",") if part.strip()]
    address = peer
    while chain and within(trusted, address):
        address = chain.pop()
    return address

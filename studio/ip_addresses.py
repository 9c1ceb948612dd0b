"""Judge IP addresses: public, inside a network, or a stand-in of a network's own DNS. Nothing is looked up.

An address that carries another one is judged by the one inside where a network really translates it (NAT64,
IPv4-mapped); tunnels that nobody runs any more (6to4, Teredo) are inside. Of IPv6, only 2000::/3 is given out
as public, so that site-local, unspecified and unassigned addresses need no rows. Sources: the IANA registries
of special-purpose addresses (RFC 6890), RFC 6052 and 8215 (NAT64).
"""

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import reduce
from typing import Self

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


class Reach(Enum):
    """Where an address leads."""

    PUBLIC = "public"
    STAND_IN = "stand-in"
    """Local tunnels and carriers answer names with such addresses and route them on; it may be inside too."""
    INSIDE = "inside"


_INSIDE, _STAND_IN = Reach.INSIDE, Reach.STAND_IN
SPECIAL: tuple[tuple[IpNetwork, Reach], ...] = tuple(
    (ipaddress.ip_network(network), reach)
    for network, reach in (
        ("0.0.0.0/8", _INSIDE),  # this host
        ("10.0.0.0/8", _INSIDE),  # private
        ("100.64.0.0/10", _STAND_IN),  # shared by carriers and overlay networks
        ("127.0.0.0/8", _INSIDE),  # loopback
        ("169.254.0.0/16", _INSIDE),  # link-local; clouds tell their secrets there
        ("172.16.0.0/12", _INSIDE),  # private
        ("192.0.0.0/24", _INSIDE),  # IETF protocols
        ("192.0.2.0/24", _INSIDE),  # documentation
        ("192.88.99.0/24", _INSIDE),  # 6to4 relays
        ("192.168.0.0/16", _INSIDE),  # private
        ("198.18.0.0/15", _STAND_IN),  # benchmarks; the range of most stand-in DNS
        ("198.51.100.0/24", _INSIDE),  # documentation
        ("203.0.113.0/24", _INSIDE),  # documentation
        ("224.0.0.0/3", _INSIDE),  # multicast, reserved, broadcast
        ("fc00::/7", _STAND_IN),  # unique local; stand-in DNS uses it for IPv6
        ("2001::/23", _INSIDE),  # IETF protocols, Teredo, ORCHID, benchmarks
        ("2001:db8::/32", _INSIDE),  # documentation
        ("2002::/16", _INSIDE),  # 6to4
        ("3fff::/20", _INSIDE),  # documentation
    )
)
"""Networks in which nothing is public."""

_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
_UNREACHABLE = tuple(ipaddress.IPv4Network(network) for network in ("0.0.0.0/8", "224.0.0.0/3"))


def reach_of(address: str | IpAddress) -> Reach:
    """Where an address leads; one that carries another is judged by that.

    Raises:
        ValueError: it is no IP address.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return reach_of(ip.ipv4_mapped)
        if ip in _NAT64:
            return reach_of(_low_ipv4(ip))
        if ip in _LOCAL_NAT64:
            return _reach_of_local_nat64(ip)
    found = next((reach for network, reach in SPECIAL if ip in network), Reach.PUBLIC)
    return Reach.INSIDE if found is Reach.PUBLIC and ip.version == 6 and ip not in _GIVEN_OUT else found


def literal(host: str) -> IpAddress | None:
    """The address that a URL's host spells, in any spelling that resolvers take; None for a name."""
    text = host.strip("[]").partition("%")[0]
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        pass
    try:
        # "2130706433", "0x7f.1", "127.1" and octal are addresses too
        return ipaddress.IPv4Address(socket.inet_aton(text))
    except (OSError, ValueError):
        return None


def is_inner_name(host: str) -> bool:
    """Whether a name can only be one of this machine or of its network: no outside DNS knows it."""
    name = host.rstrip(".").lower()
    ends = (".localhost", ".local", ".internal", ".home.arpa", ".lan")
    return literal(name) is None and ("." not in name or name.endswith(ends))


@dataclass(frozen=True, kw_only=True)
class AllowedAddresses:
    """Addresses that are reached although they are not public.

    Attributes:
        ranges: of what a name may lead to; no URL may spell such an address itself.
        hosts: in lower case: names, which may lead anywhere, and addresses as a URL spells them.
    """

    ranges: tuple[IpNetwork, ...] = ()
    hosts: frozenset[str] = frozenset()

    def has_host(self, host: str) -> bool:
        """Whether that host of a URL may lead anywhere."""
        return host.strip("[]").rstrip(".").lower() in self.hosts

    def has(self, host: str, address: str) -> bool:
        """Whether this address may be reached for that host of a URL."""
        if self.has_host(host):
            return True
        ip = ipaddress.ip_address(address)
        return literal(host) is None and any(ip in network for network in self.ranges)

    def with_entry(self, entry: str) -> Self:
        """One more range (`10.0.0.0/8`) or host (`cdn.example.org`, `10.1.2.3`).

        Raises:
            ValueError: it is neither, or a range so wide that hardly anything is left out.
        """
        if "/" not in entry:
            return type(self)(ranges=self.ranges, hosts=self.hosts | {_host(entry)})
        network = ipaddress.ip_network(entry)
        if network.prefixlen < WIDEST_PREFIX:
            raise ValueError(f"{entry} is too wide")
        return type(self)(ranges=(*self.ranges, network), hosts=self.hosts)


WIDEST_PREFIX = 7
"""Of a range that may be allowed: fc00::/7 is one."""
NONE_ALLOWED = AllowedAddresses()


def allowed_addresses(text: str) -> AllowedAddresses:
    """Ranges and hosts from a text in which commas part them.

    Raises:
        ValueError: naming the entry that is neither.
    """
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    return reduce(lambda allowed, entry: allowed.with_entry(entry), entries, NONE_ALLOWED)


def _host(entry: str) -> str:
    host = entry.strip("[]").rstrip(".").lower()
    letters = host.replace("-", "").replace(".", "").replace("_", "")
    if not (letters.isascii() and letters.isalnum() and ".." not in host) and literal(host) is None:
        raise ValueError(f"{entry} is no range and no host name")
    return host


def _low_ipv4(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)


def _reach_of_local_nat64(ip: ipaddress.IPv6Address) -> Reach:
    """That of the last 32 bits; a network may place the IPv4 address elsewhere, and no inner one may hide."""
    if any(_leads_inside(other) for other in _ipv4_elsewhere(ip)):
        return Reach.INSIDE
    return reach_of(_low_ipv4(ip))


def _leads_inside(ip: ipaddress.IPv4Address) -> bool:
    return reach_of(ip) is not Reach.PUBLIC and not any(ip in network for network in _UNREACHABLE)


def _ipv4_elsewhere(ip: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 address as RFC 6052 reads it behind a prefix of 48, 56 or 64 bits: around its ninth octet."""
    octets = ip.packed[:8] + ip.packed[9:]
    return (ipaddress.IPv4Address(octets[at : at + 4]) for at in (6, 7, 8))

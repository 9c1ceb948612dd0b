"""Which addresses are public, which are inside, which stand in for others: a table, and what is allowed."""

import ipaddress

import pytest
from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES

from studio.ip_addresses import (
    NONE_ALLOWED,
    SPECIAL,
    IpAddress,
    Reach,
    allowed_addresses,
    is_inner_name,
    literal,
    reach_of,
)

PUBLIC = (
    "8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 198.17.255.255 198.20.0.0 "
    "223.255.255.255 2606:2800:220:1::1 2001:4860:4860::8888 ::ffff:8.8.8.8 "
    "64:ff9b::808:808 64:ff9b:1::808:808 64:ff9b:1:abcd::808:808 64:ff9b:1:fffe::808:808"
)
STAND_IN = (
    "198.18.0.0 198.18.1.206 198.19.255.255 100.64.0.5 100.127.255.255 fc00::1 fd00::1 fdff::1 "
    "::ffff:198.18.0.1 64:ff9b::c612:1 64:ff9b:1::6440:1"
)
INSIDE = (
    "0.0.0.0 0.255.0.1 10.0.0.1 10.255.255.255 127.0.0.1 127.255.0.1 169.254.169.254 172.16.0.1 "
    "172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1 "
    "198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 "
    "255.255.255.255 :: ::1 ::10.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:8.8.8.8 "
    "64:ff9b::a00:1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::a00:1 64:ff9b:1:a00:0:100:: "
    "64:ff9b:1:a00:0:100:808:808 64:ff9b:1:c0:a8:0101:808:808 64:ff9b:1::7f:0:108:808 64:ff9b:2::808:808 "
    "100::1 200::1 2001::1 2001:0:808:808::1 2001:2::1 2001:20::1 2001:db8::1 2002:808:808::1 2002:7f00:1:: "
    "3fff::1 5f00::1 fe80::1 fe80::1%eth0 fec0::1 feff::1 ff02::1 ff0e::1 4000::1"
)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public_addresses_are_public(address: str) -> None:
    """Also behind a translator, whose IPv4 address is judged; the neighbours of special networks too."""
    assert reach_of(address) is Reach.PUBLIC


@pytest.mark.parametrize("address", STAND_IN.split())
def test_addresses_that_stand_in_for_others_are_told_from_inner_ones(address: str) -> None:
    """So that one can be told what is in the way."""
    assert reach_of(address) is Reach.STAND_IN


@pytest.mark.parametrize("address", INSIDE.split())
def test_inner_and_special_addresses_are_inside(address: str) -> None:
    """Each kind, however it is wrapped."""
    assert reach_of(address) is Reach.INSIDE


def test_nothing_special_that_others_know_is_public() -> None:
    """Python's own tables and requests-hardened's; what a translator carries is judged by itself."""
    translated = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
    for network in (*EXTRA_BLOCKED_NET_RANGES, *(network for network, _ in SPECIAL)):
        ends: tuple[IpAddress, IpAddress] = (network[0], network[-1])
        assert network in translated or all(reach_of(ip) is not Reach.PUBLIC for ip in ends)
    for number in range(0, 1 << 32, 65_537 * 16):
        ip = ipaddress.IPv4Address(number)
        assert ip.is_global or reach_of(ip) is not Reach.PUBLIC


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("[fe80::1%25eth0]", "fe80::1"),
        ("example.org", None),
        ("localhost", None),
        ("1.example.org", None),
    ],
)
def test_an_address_is_found_in_every_spelling_of_a_host(host: str, address: str | None) -> None:
    """A proxy's resolver takes them all."""
    assert literal(host) == (address and ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("metadata.google.internal", True),
        ("printer.local.", True),
        ("wiki", True),
        ("cdn.example.org", False),
        ("local.example.org", False),
        ("8.8.8.8", False),
    ],
)
def test_names_of_this_machine_and_its_network_are_told_by_their_looks(name: str, inner: bool) -> None:  # noqa: FBT001
    """A proxy would look them up inside."""
    assert is_inner_name(name) is inner


def test_an_allowed_range_is_for_names_and_not_for_addresses_in_a_url() -> None:
    """A stand-in is what a resolver answers: no service writes one into an address by itself."""
    allowed = allowed_addresses("198.18.0.0/15, fc00::/7")
    assert allowed.has("cdn.test", "198.18.1.206")
    assert allowed.has("cdn.test", "fc00::5")
    assert not allowed.has("cdn.test", "10.0.0.1")
    assert not allowed.has("198.18.0.1", "198.18.0.1")
    assert not NONE_ALLOWED.has("cdn.test", "198.18.1.206")


def test_an_allowed_host_may_lead_anywhere_and_no_other_may() -> None:
    """Named exactly: its subdomains and namesakes are others."""
    allowed = allowed_addresses("CDN.test., 10.1.2.3,")
    assert allowed.has("cdn.test", "10.0.0.1")
    assert allowed.has("10.1.2.3", "10.1.2.3")
    for host in ("a.cdn.test", "cdn.test.evil.test", "10.1.2.4"):
        assert not allowed.has(host, "10.1.2.3")


@pytest.mark.parametrize(
    "text",
    ["0.0.0.0/0", "::/0", "10.0.0.1/8", "10.0.0.0/33", "https://cdn.test", "cdn test", "*.test", "a..b"],
)
def test_what_is_no_range_and_no_host_is_refused(text: str) -> None:
    """Rather than to allow something else than was meant."""
    with pytest.raises(ValueError, match=r"\S"):
        allowed_addresses(f"10.0.0.0/8,{text}")

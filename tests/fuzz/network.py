"""The network of an input: names lead where chance says, and no connection leaves this machine unseen."""

import ipaddress
import logging
import os
import random
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

_NAT64 = tuple(ipaddress.IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48"))
_real_connect, _real_getaddrinfo = socket.socket.connect, socket.getaddrinfo


@dataclass
class Network:
    """All that may be connected to.

    Attributes:
        own_ports: of services on loopback that are meant to be spoken to.
        site_port: of the service that plays port 80 of every public address; None: all refuse.
        addresses_of: gives the addresses of a name, each time anew.
        inside: the addresses inside that were connected to.
    """

    own_ports: set[int] = field(default_factory=set)
    site_port: int | None = None
    addresses_of: Callable[[str], list[str]] = lambda _name: []
    inside: list[str] = field(default_factory=list)

    def connect(self, sock: socket.socket, place: Any) -> None:
        """In the place of every socket's `connect`."""
        if sock.family not in (socket.AF_INET, socket.AF_INET6):
            return _real_connect(sock, place)
        host, port = place[:2]
        if host == "127.0.0.1" and port in self.own_ports:
            return _real_connect(sock, place)
        if is_inside(host):
            self.inside.append(f"{host}:{port}")
        elif self.site_port and port == 80 and sock.family == socket.AF_INET:
            return _real_connect(sock, ("127.0.0.1", self.site_port))
        raise ConnectionRefusedError

    def getaddrinfo(self, host: Any, *args: Any, **options: Any) -> Any:
        """In the place of the resolver: spelled addresses are read by the system's own."""
        for name in (host, "127.0.0.1" if str(host).rstrip(".").lower() == "localhost" else ""):
            with suppress(socket.gaierror):
                return _spelled(name, *args, **options)
        found = [_spelled(address, *args, **options) for address in self.addresses_of(str(host))]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [place for places in found for place in places]


def _spelled(host: Any, port: Any = None, family: int = 0, kind: int = 0, *_: Any, **__: Any) -> Any:
    if host == "":
        raise socket.gaierror
    return _real_getaddrinfo(host, port, family, kind, 0, socket.AI_NUMERICHOST)


def is_inside(address: str) -> bool:
    """Whether an address is anything but public, as Python's own tables have it, or carries one that is."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in net for net in _NAT64):
            return is_inside(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        carried = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if carried:
            return is_inside(str(carried))
    return not ip.is_global or ip.is_multicast


def odd_addresses(rng: random.Random) -> list[str]:
    """Of a name: public ones, inner ones, or both."""
    return [rng.choice((public, inner_ipv4, inner_ipv6))(rng) for _ in range(rng.choice((1, 1, 2, 3)))]


def public(rng: random.Random) -> str:
    """An address that may be connected to."""
    return rng.choice(("8.8.8.8", "93.184.216.34", f"1.1.{rng.randrange(256)}.{rng.randrange(256)}"))


def inner_ipv4(rng: random.Random) -> str:
    """An address inside."""
    nets = ("127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16", "172.16.0.0/12", "169.254.0.0/16", "0.0.0.0/8")
    others = ("100.64.0.0/10", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "192.0.0.0/24")
    net = ipaddress.IPv4Network(rng.choice((*nets, *others)))
    known = rng.choice(("127.0.0.1", "169.254.169.254", "0.0.0.0", "255.255.255.255"))
    return known if rng.random() < 0.3 else str(net[rng.randrange(net.num_addresses)])


def inner_ipv6(rng: random.Random) -> str:
    """One inside, or one that carries one."""
    carried = int(ipaddress.IPv4Address(inner_ipv4(rng)))
    low, six_to_four = ipaddress.IPv6Address(carried), (0x2002 << 112) + (carried << 80)
    return rng.choice(
        (
            *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
            *(f"::ffff:{low.packed[-4:].hex()[:4]}:{low.packed[-4:].hex()[4:]}", str(low)),
            *(f"64:ff9b::{ipaddress.IPv4Address(carried)}", f"64:ff9b:1::{ipaddress.IPv4Address(carried)}"),
            str(ipaddress.IPv6Address(six_to_four)),
        )
    )


@contextmanager
def watched(network: Network) -> Iterator[None]:
    """Every socket of this process is the network's, no proxy is set, and log records stay its own."""
    proxies = [name for name in os.environ if name.lower().endswith("_proxy")]
    factory = logging.getLogRecordFactory()

    def connect(sock: socket.socket, place: Any) -> None:
        network.connect(sock, place)

    with (
        mock.patch.dict(os.environ),
        mock.patch.object(socket.socket, "connect", connect),
        mock.patch.object(socket, "getaddrinfo", network.getaddrinfo),
    ):
        for name in proxies:
            del os.environ[name]
        try:
            yield
        finally:
            logging.setLogRecordFactory(factory)

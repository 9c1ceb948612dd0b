"""Addresses that somebody else chose, spelled in every way, and where they lead on to."""

import ipaddress
import random
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from kling.keys import BearerAuth
from studio.errors import StudioError
from studio.files.video_download import download_video
from studio.guarded_http import FetchProblem, Limits, Route, guarded_get
from studio.pictures.url_import import fetch_image
from tests.fuzz.network import inner_ipv4, inner_ipv6, odd_addresses, public
from tests.fuzz.oddities import ODD_TEXTS, words
from tests.fuzz.trial import KEY, Bench, Kind
from tests.support.lying_server import Behaviour, raw
from tests.support.sessions import LeadingTo

BASE: Final = "http://api.example.test"
SITE: Final = "https://public.example"
LIMITS: Final = Limits(max_bytes=100_000, total_timeout_s=1.0, connect_timeout_s=0.5, silence_timeout_s=0.3)
_FULL_WIDTH: Final = str.maketrans("0123456789.", "０１２３４５６７８９。")
_CIRCLED: Final = str.maketrans("123456789", "①②③④⑤⑥⑦⑧⑨")
_NAMES: Final = words(
    "localhost LOCALHOST. a.localhost metadata.google.internal db public.example public.example."
    f" rebinding.example bücher.example a..b - {'x' * 70}.example xn--a api.example.test"
)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """An address, the addresses that it leads on to, and the chance by which names are looked up."""

    urls: tuple[str, ...]
    way: str
    seed: int


def visit(rng: random.Random) -> Visit:
    """One by any of the ways that addresses come."""
    urls = tuple(url(rng) for _ in range(rng.choice((1, 1, 2, 4))))
    if rng.random() < 0.6:  # one that is answered, so that it can lead on
        urls = (f"{rng.choice((BASE, 'http://public.example', SITE, SITE))}/a?b=c", *urls)
    return Visit(urls=urls, way=rng.choice(("picture", "video", "any")), seed=rng.getrandbits(32))


def url(rng: random.Random) -> str:
    """A URL, more or less."""
    scheme = rng.choice([*words("http http https https HTTP ftp file gopher ws data"), ""])
    colon = rng.choice(words(":// :// :// :// : :/ :/// :\\\\ //"))
    before = rng.choice(words("public.example@ u:p@ public.example:80#@ \\@ %40@") + [""] * 4)
    port = rng.choice([*words(":80 :443 :0 :99999 :-1 :８０ :"), "", "", "", ":1\t"])
    path = rng.choice(("/", "", "/a.png", "?x", "#@public.example/", "/\r\nHost: x", "\\..\\", "/%2e%2e/"))
    made = f"{scheme}{colon}{before}{host(rng)}{port}{path}"
    at = rng.randrange(len(made) + 1)
    odd = rng.choice(("\t", "\n", "\0", " ", "\u00ad", "\u200b", "%", "[", rng.choice(ODD_TEXTS)))
    return made[:at] + odd + made[at:] if rng.random() < 0.1 else made


def host(rng: random.Random) -> str:
    """A name, or an address inside as it can be written."""
    if rng.random() < 0.35:
        return f"[{inner_ipv6(rng)}{rng.choice(('', '', '%25lo', '%lo', '%1'))}]"
    inner = inner_ipv4(rng)
    number, parts = int(ipaddress.IPv4Address(inner)), [int(part) for part in inner.split(".")]
    octal, many_hex = ".".join(f"0{part:o}" for part in parts), ".".join(map(hex, parts))
    as_number = (
        str(number),
        hex(number),
        f"0{number:o}",
        f"{number + 2**32}",
        f"{parts[0]}.{number % 2**24}",
    )
    as_text = (inner, f"{inner}.", f"{inner}.nip.io", f"%{ord(inner[0]):x}{inner[1:]}", octal, many_hex)
    in_other_digits = (inner.translate(_FULL_WIDTH), inner.translate(_CIRCLED), "ｌｏｃａｌｈｏｓｔ")
    return rng.choice((*as_number, *as_text, *in_other_digits, *_NAMES, public(rng)))


def read(visit: Visit, bench: Bench) -> None:
    """Fetch it; a public name leads to the service on loopback, which leads on."""
    chance = random.Random(visit.seed)
    bench.network.site_port = bench.port
    bench.network.addresses_of = lambda name: (
        ["8.8.8.8"] if name in ("public.example", "api.example.test") else odd_addresses(chance)
    )
    bench.answer_with([*map(leading_to, visit.urls[1:]), raw(b"HTTP/1.1 200 OK\r\n\r\nabc")])
    try:
        with suppress(StudioError, FetchProblem):
            _fetch(visit, bench)
    finally:
        bench.network.site_port = None
    asked = [one.headers for one in bench.service.requests if KEY in one.headers.get("authorization", "")]
    strangers = [host for headers in asked if (host := headers.get("host")) != "api.example.test"]
    bench.keys_outside += [f"sent to {host}" for host in strangers]
    bench.look_for_key(KEY)


def _fetch(visit: Visit, bench: Bench) -> None:
    first, site = visit.urls[0], LeadingTo(bench.service.url, of=f"{SITE}/")
    if visit.way == "picture":
        fetch_image(first, limits=LIMITS, open_session=site)
    elif visit.way == "video":
        target, auth = bench.folder / "video.mp4", BearerAuth(KEY)
        download_video(first, target, trusted_base_url=BASE, auth=auth, limits=LIMITS, open_session=site)
    else:
        with guarded_get(first, lambda _: Route(), LIMITS, open_session=site) as answer:
            b"".join(answer.pieces())


def leading_to(address: str) -> Behaviour:
    """A redirect, its Location as it is."""
    location = address.encode("utf-8", "surrogatepass").replace(b"\n", b"").replace(b"\r", b"")
    return raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")


KIND: Final = Kind(make=visit, read=read, ours=())

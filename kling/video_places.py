"""Find a finished video's address in an answer: places and names as data, in the order of trust."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from kling.answer_json import parse
from kling.error_json import read_id
from kling.models import Video

VIDEO_PLACES = (
    "task_result.videos",
    "task_result.url",
    "task_result.video_url",
    "task_result",
    "videos",
    "video_url",
    "video",
    "video_urls",
    "result_url",
    "result_urls",
    "result",
    "results",
    "works",
    "url",
    "urls",
    "download_url",
    "output",
    "outputs",
    "content",
    "metadata",
    "fail_reason",
    *("creations", "generations", "artifacts", "assets", "media", "media_url", "file", "files", "file_url"),
    *("video_uri", "mp4", "mp4_url", "play_url", "signed_url", "link", "download"),
)
"""Where a finished video's address was seen, in the order of trust: a text, an object with `url`, or a list.
The older wrapper puts it where its reason for a failure would be."""
ADDRESS_NAMES = (
    *("url", "video_url", "video", "download_url", "file_url", "resource", "uri", "src", "output"),
    *(
        "videos",
        "video_urls",
        "urls",
        "result_urls",
        "data",
        "result",
        "task_result",
        "works",
        "href",
        "link",
    ),
)
"""The names of an address in such an object, which may hold another object."""
_VIDEO_FILE = re.compile(r"\.(mp4|mov|webm|m4v)$", re.IGNORECASE)
_PICTURE_FILE = re.compile(r"\.(png|jpe?g|webp|gif)$", re.IGNORECASE)
_LINK = re.compile(r"""[\["'<(]*(?:\[[^\]]*\]\()?(https?://[^\s"'<>()\[\]，。]+)""", re.IGNORECASE)
_ENDS_AS_FILE = re.compile(r"[^?#]*\.(mp4|mov|webm|m4v)([?#]\S*)?", re.IGNORECASE)
_NOT_THE_RESULT = re.compile(
    r"cover|image|thumb|poster|input|prompt|callback|webhook|task_info|request|watermark"
)
_BEGINS_WITH_HOST = re.compile(
    r"((?:[\w-]+\.)+[^\W\d_]{2,}(?::[0-9]+)?|(?:[0-9]+\.){3}[0-9]+(?::[0-9]+)?|localhost:[0-9]+)/[^/]"
    r"|[\w./-]+/[\w.-]+\.mp4(\?|$)|(s?ftp|s3|oss|gs|cos|obs)://.",
    re.IGNORECASE,
)
_MOST_OPENED = 3
"""Times that JSON may be a text in JSON."""
UNMISTAKABLE_PLACES = VIDEO_PLACES[: VIDEO_PLACES.index("video_url") + 1]
"""Where an address is a video's, whatever the status says."""
WATERMARKED_PLACES = ("task_result.videos", "task_result", "videos")
"""Where an object may have a `watermark_url` alone."""


def find_videos(layers: list[Mapping[str, Any]], places: tuple[str, ...] = VIDEO_PLACES) -> tuple[Video, ...]:
    """The videos at the first of these places that has any; of all places, at last a video file anywhere.

    Args:
        layers: an answer's objects, outermost first; the innermost is asked first.
        places: in the order of trust.
    """
    for names, where in ((ADDRESS_NAMES, places), (("watermark_url",), WATERMARKED_PLACES)):
        for place in where:
            for layer in reversed(layers):
                if videos := tuple(_videos_in(at_place(layer, place), names)):
                    return videos
    if places is not VIDEO_PLACES:
        return ()
    found = next((url for layer in layers[:1] for url in _video_files(layer)), None)
    return () if found is None else (Video(video_id="", url=found, duration_s=None),)


def _videos_in(value: object, names: tuple[str, ...], depth: int = 3) -> Iterator[Video]:
    """The videos of one place: a text, an object, or a list of either."""
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, Mapping):
            in_each = (tuple(_videos_at(entry, name, names, depth)) for name in names)
            yield from next((found for found in in_each if found), ())
        elif isinstance(entry, list) and depth > 0:
            yield from _videos_in(entry, names, depth - 1)
        elif isinstance(entry, str) and names is ADDRESS_NAMES and (url := address_in(entry)):
            yield Video(video_id="", url=url, duration_s=None)


def _videos_at(entry: Mapping[str, Any], name: str, names: tuple[str, ...], depth: int) -> Iterator[Video]:
    """Those that an object has under one name of an address, which may hold objects again."""
    told = opened(entry.get(name))
    if isinstance(told, (Mapping, list)) and depth > 0:
        yield from _videos_in(told, names, depth - 1)
    elif isinstance(told, str) and (url := address_in(told)):
        yield Video(
            video_id=read_id(entry.get("id")) or "",
            url=url,
            duration_s=read_number(entry.get("duration")),
            is_watermarked=names is not ADDRESS_NAMES,
        )


def _video_files(value: object, depth: int = 8) -> Iterator[str]:
    """Addresses of video files anywhere in an answer, except where it speaks of something else."""
    value = opened(value)
    if isinstance(value, str):
        yield from (found[1] for found in _LINK.finditer(value) if _VIDEO_FILE.search(_path(found[1])))
    elif depth > 0 and isinstance(value, list):
        for entry in value:
            yield from _video_files(entry, depth - 1)
    elif depth > 0 and isinstance(value, Mapping):
        for name, entry in value.items():
            if not _NOT_THE_RESULT.search(name):
                yield from _video_files(entry, depth - 1)


def address_in(text: str) -> str | None:
    """The first address of a text that is made of addresses; None: it is words, or a picture's address.

    Seen around it: quotation marks, brackets, a link of Markdown, slashes and marks escaped once more than
    needed, a second address after a comma or on a new line, and spaces in the name of a file.
    """
    text = text.strip().replace("&amp;", "&").replace("\\/", "/")
    text = unquote(text) if re.match(r"https?%3a", text, re.IGNORECASE) else text
    if is_address(text):
        url: str | None = re.split(r",(?=https?://)", text, maxsplit=1)[0]
    else:
        link = _LINK.match(text)
        url = link[1] if link and _is_whole(text, link) else _with_spaces(text)
    return None if url is None or _PICTURE_FILE.search(_path(url)) else url


def _is_whole(text: str, link: re.Match[str]) -> bool:
    """Whether a text is its first link, with nothing but marks and further links after it."""
    rest = text[link.end() :].strip("\"'<>)]} \t\r\n")
    return not rest or _LINK.match(rest) is not None


def _with_spaces(text: str) -> str | None:
    """An address of a video file with spaces in it."""
    begins = text.lower().startswith(("http://", "https://")) and "\n" not in text
    return text.replace(" ", "%20") if begins and _ENDS_AS_FILE.fullmatch(text) else None


def _path(url: str) -> str:
    return url.partition("?")[0].partition("#")[0].strip()


def is_address(text: str) -> bool:
    """A whole address, one without its scheme, or a path at the service; never words.

    One that is not fetched, as of a store of files, is an address too: its owner is shown it.
    """
    text = text.strip()
    begins = text.lower().startswith(("http://", "https://", "/")) or _BEGINS_WITH_HOST.match(text)
    return bool(begins) and not any(mark.isspace() for mark in text)


def at_place(layer: Mapping[str, Any], place: str) -> object:
    """The value under a name, or under names within each other joined by dots; None: there is none."""
    value: object = layer
    for name in place.split("."):
        value = opened(value.get(name)) if isinstance(value, Mapping) else None
    return value


def opened(value: object) -> object:
    """An object or a list that came as JSON text; anything else as it is."""
    for _ in range(_MOST_OPENED):
        if not isinstance(value, str) or value.lstrip()[:1] not in {"{", "[", '"'}:
            break
        try:
            value = parse(value)
        except ValueError:
            break
    return value


def read_number(value: object) -> float | None:
    """A finite number ≥ 0, also when written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None

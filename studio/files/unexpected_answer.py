"""Find the words for what came instead of a video. Pure."""

import re

from kling.answer_json import clean_text, parse
from kling.error_json import innermost_message

LONGEST_WORDS = 300
_XML_WORDS = re.compile(rb"<Message>([^<]*)</Message>")
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def what_came(head: bytes) -> str | None:
    """The kind of an answer by its first bytes, as a clause; None for neither JSON, XML nor a page."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    words = words_in(text)
    if words:
        return f"the server answered “{words}” instead of a video"
    if text[:1] in (b"{", b"["):
        return "the server answered with JSON instead of a video"
    if re.match(rb"<!doctype html|<html", text, re.IGNORECASE):
        return "the server answered with a web page instead of a video"
    return None


def words_in(body: bytes) -> str | None:
    """The server's own words in an error of JSON or XML, on one line; None without any."""
    in_xml = _XML_WORDS.search(body)
    found = in_xml[1].decode(errors="replace") if in_xml else _words_in_json(body)
    line = " ".join(clean_text(found).split())
    return f"{line[:LONGEST_WORDS]} …" if len(line) > LONGEST_WORDS else line or None


def is_whole(content_range: str | None) -> bool:
    """Whether a 206 answers with everything there is."""
    found = _CONTENT_RANGE.fullmatch((content_range or "").strip())
    return found is not None and (int(found[1]), int(found[2]) + 1) == (0, int(found[3]))


def _words_in_json(body: bytes) -> str:
    try:
        return innermost_message(parse(body))
    except ValueError:
        return ""

"""URLs of videos: signed and with an end, like those of the content networks behind the real service.

The signature guards nothing. It is there so that a client which drops a URL's query fails here too.
"""

from collections.abc import Mapping
from hashlib import blake2s

from simulator.contract.documented import VIDEO_LIFETIME_S


def video_url(base_url: str, video_id: str, since_s: float) -> str:
    """Where a video that exists `since_s` (Unix seconds) is fetched."""
    expires = int(since_s) + VIDEO_LIFETIME_S
    return f"{base_url}/videos/{video_id}.mp4?Expires={expires}&Signature={_signature(video_id, expires)}"


def is_valid(video_id: str, query: Mapping[str, str], now_s: float) -> bool:
    """Whether a URL with this query may be fetched at `now_s`."""
    expires = query.get("Expires", "")
    if not (expires.isascii() and expires.isdigit() and len(expires) < 15):
        return False
    return query.get("Signature") == _signature(video_id, int(expires)) and now_s < int(expires)


def _signature(video_id: str, expires: int) -> str:
    return blake2s(f"{video_id} {expires}".encode(), digest_size=16).hexdigest()

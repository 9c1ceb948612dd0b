"""Limits and capabilities as the API's documentation gives them: data only.

C = CometAPI's page, K = Kling's reference, R = seen in real answers. Where C and K differ, C's is taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MAX_PROMPT_CHARS: Final = 500  # C; K allows 2500
MAX_NEGATIVE_PROMPT_CHARS: Final = 200  # C; K allows 2500
MAX_IMAGE_BYTES: Final = 10_000_000  # "10 MB" (C and K), of the decoded file; the strict reading
MIN_SIDE_PX: Final = 300  # C and K
MAX_RATIO: Final = 2.5  # K: between 1:2.5 and 2.5:1
MAX_DYNAMIC_MASKS: Final = 6  # C and K
MIN_TRAJECTORY_POINTS: Final = 2  # K
MAX_TRAJECTORY_POINTS: Final = 77  # K
MIN_CFG_SCALE: Final = 0.0  # C and K
MAX_CFG_SCALE: Final = 1.0  # C and K
DEFAULT_MODEL: Final = "kling-v1"  # K
DEFAULT_MODE: Final = "std"  # C and K
DEFAULT_DURATION: Final = "5"  # C and K
MODES: Final = ("std", "pro")
DURATIONS: Final = ("5", "10")
MAX_PAGE_NUM: Final = 1000  # K
MAX_PAGE_SIZE: Final = 500  # K
DEFAULT_PAGE_SIZE: Final = 30  # K
VIDEO_LIFETIME_S: Final = 30 * 24 * 3600  # K promises 30 days; C calls the URLs temporary

REFUSED_MODEL_NAMES: Final = frozenset({"kling-3.0-turbo", "kling-v3-omni", "kling-video-o1"})  # R


@dataclass(frozen=True, kw_only=True)
class Offer:
    """The abilities of one model.

    Attributes:
        modes: accepted values of `mode`; empty where the model has no mode.
        image_tail: the (mode, duration) pairs with a last frame; mode is "" where the model has none.
        motion_brush: the (mode, duration) pairs with static_mask and dynamic_masks.
        cfg_scale: whether the field is accepted.
        durations: accepted values of `duration`, in seconds, as strings.
        klings_durations: further ones that only Kling's reference lists; taken, with a tail frame where the
            mode takes one at any duration.
    """

    modes: tuple[str, ...] = MODES
    image_tail: frozenset[tuple[str, str]] = frozenset()
    motion_brush: frozenset[tuple[str, str]] = frozenset()
    cfg_scale: bool = False
    durations: tuple[str, ...] = DURATIONS
    klings_durations: tuple[str, ...] = ()


_FIVE = frozenset({("std", "5"), ("pro", "5")})
_PRO = frozenset({("pro", "5"), ("pro", "10")})
_ALL = _FIVE | _PRO | {("std", "10")}

# For kling-v3 the documentation leaves the motion brush and cfg_scale open. What passes here should pass
# there, so the motion brush is refused; cfg_scale is let through, because ignoring it would do no harm.
OFFERS: Mapping[str, Offer] = {
    "kling-v1": Offer(image_tail=_FIVE, motion_brush=_FIVE, cfg_scale=True),
    "kling-v1-5": Offer(image_tail=_PRO, motion_brush=frozenset({("pro", "5")}), cfg_scale=True),
    "kling-v1-6": Offer(image_tail=_PRO, cfg_scale=True),
    "kling-v2-master": Offer(modes=()),
    "kling-v2-1": Offer(image_tail=_PRO),
    "kling-v2-1-master": Offer(modes=()),
    "kling-v2-5-turbo": Offer(image_tail=_PRO),
    "kling-v2-6": Offer(image_tail=_PRO),
    "kling-v3": Offer(
        image_tail=_ALL,
        cfg_scale=True,
        klings_durations=("3", "4", "6", "7", "8", "9", "11", "12", "13", "14", "15"),
    ),
}

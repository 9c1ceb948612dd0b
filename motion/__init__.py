"""The mathematics of pictures: a scene (image, masks, paths, tail frame) becomes frames, frames an MP4.

    scene           the picture, what stays, what moves and its path, or a tail frame
    plan            rubber sheet or cut-out, chosen for each part with its reason
    render          frames and MP4; sheet, layer, camera and tail draw them
    fill, weights   what lies behind a cut-out; how much of the sheet follows a part
    still           the last frame at full size, without a mark
    video           an MP4 read back

Knows nothing of HTTP, of a database, of the product or of a screen. Same scene, same video.
"""

from motion.errors import EncodeError, MotionError, SceneError, VideoError
from motion.plan import Method, Plan, RegionPlan, plan
from motion.render import Annotate, RenderSettings, frames, render_mp4
from motion.scene import Region, Scene
from motion.still import Still, last_frame
from motion.video import VideoInfo, check_mp4, decode, frame_at, frames_of, opened, poster_jpeg, probe, to_rgb
from motion.yuv import I420

__all__ = [
    "I420",
    "Annotate",
    "EncodeError",
    "Method",
    "MotionError",
    "Plan",
    "Region",
    "RegionPlan",
    "RenderSettings",
    "Scene",
    "SceneError",
    "Still",
    "VideoError",
    "VideoInfo",
    "check_mp4",
    "decode",
    "frame_at",
    "frames",
    "frames_of",
    "last_frame",
    "opened",
    "plan",
    "poster_jpeg",
    "probe",
    "render_mp4",
    "to_rgb",
]

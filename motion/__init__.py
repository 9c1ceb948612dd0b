"""Pure pictures: a scene (image, masks, paths, tail frame) becomes frames, and frames become an MP4."""

from motion.errors import EncodeError, MotionError, SceneError, VideoError
from motion.plan import Method, Plan, RegionPlan, plan
from motion.render import Annotate, RenderSettings, frames, render_mp4
from motion.scene import Region, Scene
from motion.video import VideoInfo, check_mp4, decode, frames_of, poster_jpeg, probe
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
    "VideoError",
    "VideoInfo",
    "check_mp4",
    "decode",
    "frames",
    "frames_of",
    "plan",
    "poster_jpeg",
    "probe",
    "render_mp4",
]

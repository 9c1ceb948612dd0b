"""The errors between a scene and its video.

MotionError
├── SceneError    the scene itself cannot be animated (sizes, types, paths)
├── EncodeError   the frames could not be written as a video
└── VideoError    the bytes given are no readable video
"""


class MotionError(Exception):
    """Base of everything that `motion` raises on purpose."""


class SceneError(MotionError, ValueError):
    """The scene contradicts itself; the message says where and why."""


class EncodeError(MotionError):
    """FFmpeg refused to write the frames."""


class VideoError(MotionError, ValueError):
    """The bytes are not a video that can be read."""

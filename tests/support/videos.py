"""A real video, small and made once."""

from functools import cache

from motion import RenderSettings, Scene, render_mp4
from tests.support.pictures import gradient


@cache
def small_mp4() -> bytes:
    """Half a second of H.264, 96 by 64 pixels, 34 kB."""
    return render_mp4(Scene(image=gradient(96, 64), duration_s=0.5), RenderSettings(fps=12))

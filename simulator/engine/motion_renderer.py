"""Renders with `motion`: the only module here that knows it."""

from typing import Final

from motion.errors import SceneError
from motion.render import RenderSettings, render_mp4
from motion.scene import Region, Scene
from motion.video import probe
from simulator.contract.pictures import PictureProblem
from simulator.engine.scene import Render, RenderedVideo, RenderRequest

MARK: Final = "simulation"
STD_CRF: Final = 19  # x264: lower is finer; from 20 on a frozen area loses its 40 dB
PRO_CRF: Final = 17
STD_PRESET: Final = "veryfast"
PRO_PRESET: Final = "faster"


def render_with_motion(*, max_px: int, fps: int) -> Render:
    """A renderer whose videos are at most `max_px` on their longer side.

    "pro" is encoded finer than "std". Each video has the mark burned in and its order in the metadata.
    """

    def render(request: RenderRequest) -> RenderedVideo:
        try:
            mp4 = render_mp4(_scene(request), _settings(request, max_px=max_px, fps=fps))
        except SceneError as error:
            raise PictureProblem(str(error)) from error
        return RenderedVideo(mp4=mp4, duration_s=probe(mp4).duration_s)

    return render


def _scene(request: RenderRequest) -> Scene:
    return Scene(
        image=request.image,
        static_mask=request.frozen,
        regions=tuple(Region(mask=part.mask, path_px=part.path_image_px) for part in request.moving),
        tail=request.tail,
        duration_s=request.duration_s,
    )


def _settings(request: RenderRequest, *, max_px: int, fps: int) -> RenderSettings:
    return RenderSettings(
        fps=fps,
        max_width=max_px,
        max_height=max_px,
        crf=PRO_CRF if request.fine else STD_CRF,
        preset=PRO_PRESET if request.fine else STD_PRESET,
        mark=MARK,
        comment=request.comment,
        metadata={"title": MARK},
    )

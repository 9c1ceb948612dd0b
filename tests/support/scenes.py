"""Real photographs, painted on: the scenes on which the renderer is judged."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from motion import Region, Scene

PHOTOS = Path(__file__).parents[2] / "studio" / "pictures" / "sample_photos"


def photo(name: str) -> NDArray[np.uint8]:
    """A sample photograph, (H, W, 3) RGB."""
    read = cv2.imread(str(PHOTOS / f"{name}.jpg"), cv2.IMREAD_COLOR)
    assert read is not None, f"{name}.jpg is missing"
    return np.asarray(cv2.cvtColor(read, cv2.COLOR_BGR2RGB), np.uint8)


def ellipse(shape: tuple[int, ...], x: float, y: float, rx: float, ry: float) -> NDArray[np.bool_]:
    """(H, W) True inside the ellipse."""
    rows, cols = np.mgrid[: shape[0], : shape[1]]
    return np.asarray(((cols - x) / rx) ** 2 + ((rows - y) / ry) ** 2 <= 1)


def box(shape: tuple[int, ...], left: int, top: int, right: int, bottom: int) -> NDArray[np.bool_]:
    """(H, W) True inside the rectangle."""
    mask = np.zeros(shape[:2], np.bool_)
    mask[top:bottom, left:right] = True
    return mask


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A scene with one moving region, and the method that is expected for it."""

    name: str
    scene: Scene
    method: str

    @property
    def region(self) -> Region:
        return self.scene.regions[0]


def case(
    name: str,
    photo_name: str,
    *,
    mask: tuple[float, float, float, float],
    path: list[tuple[float, float]],
    static: tuple[int, int, int, int],
    method: str,
) -> Case:
    """A case: an elliptical part of a photograph, its path, a static rectangle, and what is expected."""
    image = photo(photo_name)
    region = Region(mask=ellipse(image.shape, *mask), path_px=np.array(path, np.float64))
    scene = Scene(image=image, static_mask=box(image.shape, *static), regions=(region,), duration_s=1.5)
    return Case(name=name, scene=scene, method=method)


def cases() -> list[Case]:
    """Four photographs: two for the sheet, two for the layer (one part passes behind what is static)."""
    bend = [(220.0, 110.0), (280.0, 130.0), (300.0, 90.0)]
    lift, far = [(320.0, 250.0), (325.0, 195.0)], [(310.0, 190.0), (150.0, 150.0), (110.0, 60.0)]
    loop = [(600.0, 330.0), (680.0, 300.0), (760.0, 330.0), (500.0, 380.0)]
    head, rocket, cup, face = (
        (220, 110, 60, 80),
        (322, 210, 24, 120),
        (310, 190, 70, 60),
        (600, 330, 180, 150),
    )
    floor, left, right, edge = (0, 380, 512, 512), (0, 0, 200, 427), (500, 0, 600, 400), (860, 0, 1024, 768)
    return [
        case("a head along a bend", "astronaut", mask=head, path=bend, static=floor, method="sheet"),
        case("a rocket that lifts", "rocket", mask=rocket, path=lift, static=left, method="sheet"),
        case("a cup far away", "coffee", mask=cup, path=far, static=right, method="layer"),
        case("a face behind leaves", "raccoon", mask=face, path=loop, static=edge, method="layer"),
    ]

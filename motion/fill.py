"""Fill the hole behind a part that was cut out, with pieces of the rest of the picture.

Coarse to fine, each pixel of the hole looks for the place outside whose surroundings are most like its own
(Barnes et al. 2009, "PatchMatch", here for all pixels at once), and the places found are copied at full size,
so that the filling is as sharp as the picture. What is invented is plausible for leaves, wood, sky and cloth;
it knows no objects.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from motion.arrays import Bytes, Floats, Mask, floats, pixels

PATCH = 5
SEARCHED_PIXELS = 3000  # pixels of the hole at the finest level of the search; bounds its time
SEARCHED_SIDE_PX = 240
LEVELS = 3
ROUNDS = (6, 4, 3)  # of search and vote, at each level
JUMPS = (8, 4, 2, 1)
SEED = 20240607  # the same scene always gives the same video

_Places = NDArray[np.intp]


def fill(image: Bytes, hole: Mask) -> Bytes:
    """Fill the (H, W) hole of an (H, W, 3) RGB picture; outside of it nothing changes.

    A hole that leaves hardly anything to copy from is painted over smoothly instead.
    """
    factor = min(1.0, SEARCHED_SIDE_PX / max(hole.shape), (SEARCHED_PIXELS / max(1, int(hole.sum()))) ** 0.5)
    rng = np.random.default_rng(SEED)
    found: _Level | None = None
    for number in range(LEVELS):
        level = _Level.of(image, hole, factor * 0.5 ** (LEVELS - 1 - number), rng)
        if level is None:
            continue
        level.start(found)
        level.search(ROUNDS[number])
        found = level
    return smooth(image, hole) if found is None else found.copied(image, hole)


def smooth(image: Bytes, hole: Mask) -> Bytes:
    """Paint the hole over from its rim (Telea's method, at a small size)."""
    height, width = hole.shape
    small, small_hole = _shrunk(image, hole, min(1.0, SEARCHED_SIDE_PX / max(height, width)))
    painted = cv2.inpaint(small, small_hole.astype(np.uint8), 4, cv2.INPAINT_TELEA)
    big = pixels(cv2.resize(painted, (width, height), interpolation=cv2.INTER_CUBIC))
    return np.where(hole[..., None], big, image)


def _shrunk(image: Bytes, hole: Mask, factor: float) -> tuple[Bytes, Mask]:
    height, width = hole.shape
    size = (max(8, round(width * factor)), max(8, round(height * factor)))
    small = pixels(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    share = floats(cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA))
    return small, np.asarray(share > 0)


@dataclass(kw_only=True, eq=False)
class _Level:
    """One size of the picture during the search. Places are row, column."""

    picture: Floats
    hole: Mask
    usable: Mask  # a patch around here lies wholly inside the picture and outside the hole
    at: _Places  # (n, 2) the pixels of the hole
    source: _Places  # (n, 2) where each of them is copied from
    rng: np.random.Generator

    @classmethod
    def of(cls, image: Bytes, hole: Mask, factor: float, rng: np.random.Generator) -> "_Level | None":
        small, small_hole = _shrunk(image, hole, factor)
        rim = PATCH // 2
        near = cv2.dilate(small_hole.astype(np.uint8), np.ones((PATCH, PATCH), np.uint8))
        usable = np.zeros(small_hole.shape, np.bool_)
        usable[rim:-rim, rim:-rim] = near[rim:-rim, rim:-rim] == 0
        if usable.sum() < max(16, small_hole.sum() // 8):
            return None
        start = cv2.inpaint(small, small_hole.astype(np.uint8), 3, cv2.INPAINT_TELEA)
        at = np.argwhere(small_hole)
        source = rng.permutation(np.argwhere(usable))[rng.integers(0, usable.sum(), len(at))]
        return cls(picture=floats(start), hole=small_hole, usable=usable, at=at, source=source, rng=rng)

    def start(self, coarser: "_Level | None") -> None:
        """Begin from what the coarser level found."""
        if coarser is None:
            return
        ratio = np.array(self.hole.shape) / np.array(coarser.hole.shape)
        field = coarser.offsets()
        below = np.minimum((self.at / ratio).astype(np.intp), np.array(coarser.hole.shape) - 1)
        source = self.at + np.rint(field[below[:, 0], below[:, 1]] * ratio).astype(np.intp)
        fits = self._allowed(source)
        self.source = np.where(fits[:, None], source, self.source)
        self._vote()

    def offsets(self) -> NDArray[np.float64]:
        """(h, w, 2) from each pixel to where it is copied from; 0 outside the hole."""
        field = np.zeros((*self.hole.shape, 2))
        field[self.hole] = self.source - self.at
        return field

    def search(self, rounds: int) -> None:
        """Look for better places and repaint the hole from them, so many times."""
        for _ in range(rounds):
            patches = self._patches()
            wanted = patches[self._flat(self.at)]
            cost = self._cost(patches, wanted, self.source)
            for jump in JUMPS:
                for step in ((jump, 0), (-jump, 0), (0, jump), (0, -jump)):
                    cost = self._improve(patches, wanted, cost, self._neighbours(step))
            radius = float(max(self.hole.shape))
            while radius >= 1:
                jitter = self.rng.uniform(-radius, radius, self.source.shape)
                cost = self._improve(patches, wanted, cost, self.source + np.rint(jitter).astype(np.intp))
                radius /= 3
            self._vote()

    def copied(self, image: Bytes, hole: Mask) -> Bytes:
        """The hole filled at full size: each pixel from the places of the four nearest searched ones."""
        at = np.argwhere(hole)
        total, weights = np.zeros((len(at), 3), np.float32), np.zeros((len(at), 1), np.float32)
        for step in np.argwhere(np.ones((2, 2))):
            source, weight = self._votes_of(step, at, hole)
            total += weight * image[source[:, 0], source[:, 1]]
            weights += weight
        result = smooth(image, hole) if (weights == 0).any() else image.copy()
        good = weights[:, 0] > 0
        result[at[good, 0], at[good, 1]] = np.rint(total[good] / weights[good]).astype(np.uint8)
        return result

    def _votes_of(self, step: _Places, at: _Places, hole: Mask) -> tuple[_Places, Floats]:
        """Source at full size of one of the four searched pixels around, and its bilinear weight."""
        ratio = np.array(hole.shape) / np.array(self.hole.shape)
        middle = (at + 0.5) / ratio - 0.5
        wanted = np.floor(middle).astype(np.intp) + step
        node = np.clip(wanted, 0, np.array(self.hole.shape) - 1)
        far = np.rint(self.offsets() * ratio).astype(np.intp)[node[:, 0], node[:, 1]]
        source = np.clip(at + far, 0, np.array(hole.shape) - 1)
        known = self.hole[node[:, 0], node[:, 1]] & ~hole[source[:, 0], source[:, 1]]
        near = 1 - np.abs(wanted - middle)
        return source, floats(known * near[:, 0] * near[:, 1])[:, None]

    def _flat(self, places: _Places) -> NDArray[np.intp]:
        return np.asarray(places[:, 0] * self.hole.shape[1] + places[:, 1])

    def _patches(self) -> Floats:
        """(h * w, PATCH² * 3) the surroundings of every pixel."""
        rim = PATCH // 2
        padded = np.pad(self.picture, ((rim, rim), (rim, rim), (0, 0)), mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, (PATCH, PATCH), axis=(0, 1))
        return np.ascontiguousarray(windows).reshape(self.hole.size, -1)

    def _cost(self, patches: Floats, wanted: Floats, source: _Places) -> Floats:
        difference = patches[self._flat(source)] - wanted
        return floats(np.einsum("nk,nk->n", difference, difference))

    def _allowed(self, places: _Places) -> Mask:
        inside = ((places >= 0) & (places < self.hole.shape)).all(axis=1)
        kept = np.clip(places, 0, np.array(self.hole.shape) - 1)
        return np.asarray(inside & self.usable[kept[:, 0], kept[:, 1]])

    def _neighbours(self, step: tuple[int, int]) -> _Places:
        """Source of the pixel one step away, one step back; unusable (-1) where there is none."""
        numbers = np.full(self.hole.shape, -1, np.intp)
        numbers[self.hole] = np.arange(len(self.at))
        beside = self.at + np.array(step)
        inside = ((beside >= 0) & (beside < self.hole.shape)).all(axis=1)
        kept = np.clip(beside, 0, np.array(self.hole.shape) - 1)
        number = np.where(inside, numbers[kept[:, 0], kept[:, 1]], -1)
        return np.where(number[:, None] >= 0, self.source[number] - np.array(step), -1)

    def _improve(self, patches: Floats, wanted: Floats, cost: Floats, candidate: _Places) -> Floats:
        fits = np.flatnonzero(self._allowed(candidate))
        new = self._cost(patches, wanted[fits], candidate[fits])
        better = new < cost[fits]
        self.source[fits[better]] = candidate[fits[better]]
        cost[fits[better]] = new[better]
        return cost

    def _vote(self) -> None:
        """Repaint each pixel of the hole with the mean of what its own and its neighbours' places say."""
        total = self.picture[self.source[:, 0], self.source[:, 1]].copy()
        count = np.ones((len(self.at), 1), np.float32)
        for step in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1)):
            place = self._neighbours(step)
            known = self._allowed(place)
            total[known] += self.picture[place[known, 0], place[known, 1]]
            count[known] += 1
        self.picture[self.at[:, 0], self.at[:, 1]] = total / count

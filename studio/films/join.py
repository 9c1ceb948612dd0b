"""Join the parts of a chain: one MP4 with every frame of them, in order, none twice.

A continuation mostly begins with the picture that the part before ends with. Whether it does is seen from the
frames: the first looks as the last one before it, and the next does not. Then the part before ends one frame
earlier. Parts of one size, rate and encoding are copied packet by packet; all others are encoded anew at the
first one's size, each frame shown as long as in its part.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.filter import Graph
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from motion import MotionError, opened
from studio.films.problems import FilmProblem, unreadable
from studio.films.workshop import Tell

MAX_LENGTH_S = 240.0
MAX_BYTES = 400_000_000
MAX_PIXELS = 2560 * 2560
"""Of one frame."""
_LIKE = 3.0
"""Grey levels of 255 by which two encodings of one picture differ at most, on average."""
_NEARER = 0.75
"""By so much a repeated frame is nearer to the one before than to the one after it."""
_CLOCK = Fraction(1, 90_000)
_LOOKED_AT_PX = (160, 90)


@dataclass(frozen=True, kw_only=True)
class Part:
    """The facts of a part that decide how it is joined."""

    path: Path
    size_px: tuple[int, int]
    length_s: float
    # equal for parts whose packets fit into one stream
    encoding: tuple[object, ...]
    # of the sound; None without any
    sound: tuple[object, ...] | None
    # whether the packet of the frame shown last is also the last one stored: no other needs it then
    ends_in_order: bool


def join_films(paths: Sequence[Path], target: Path, tell: Tell) -> str:
    """Write the joined film; returns what there is to say about it.

    Args:
        paths: the parts, first to last; at least two.
        target: where to.
        tell: hears of the progress.

    Raises:
        FilmProblem: a part cannot be read, or together they are too much.
    """
    try:
        parts = [_part(path) for path in paths]
        _check(parts)
        repeats = [_is_repeat(before.path, after.path) for before, after in pairwise(parts)]
        cuts = [*repeats, False]
        copied = _can_be_copied(parts, cuts)
        _copy(parts, cuts, target, tell) if copied else _encode(parts, cuts, target, tell)
    except (MotionError, av.FFmpegError, OSError) as failure:
        raise unreadable(str(failure)) from failure
    return _in_words(parts, sum(repeats), copied=copied)


def _part(path: Path) -> Part:
    with opened(path) as container:
        video = container.streams.video[0]
        context = video.codec_context
        packets = [packet for packet in container.demux(video) if packet.size]
        if not packets:
            raise unreadable("It has no frames.")
        times = [packet.pts or 0 for packet in packets]
        length = max(times) - min(times) + (packets[-1].duration or 0)
        sound = container.streams.audio[0] if container.streams.audio else None
        return Part(
            path=path,
            size_px=(context.width, context.height),
            length_s=float(length * video.time_base) if video.time_base else 0.0,
            encoding=(
                *(context.name, context.width, context.height, context.pix_fmt),
                *(video.average_rate, video.time_base, context.extradata),
            ),
            sound=(
                (sound.codec_context.name, sound.rate, sound.layout.name, sound.codec_context.extradata)
                if sound
                else None
            ),
            ends_in_order=times[-1] == max(times),
        )


def _check(parts: Sequence[Part]) -> None:
    is_too_much = (
        sum(part.length_s for part in parts) > MAX_LENGTH_S
        or sum(part.path.stat().st_size for part in parts) > MAX_BYTES
        or max(width * height for width, height in (part.size_px for part in parts)) > MAX_PIXELS
    )
    if is_too_much:
        limits = f"At most {MAX_LENGTH_S / 60:g} minutes and {MAX_BYTES // 1_000_000} MB are joined."
        raise FilmProblem("These parts are too much to be joined.", limits, "Download them one by one.")


def _is_repeat(before: Path, after: Path) -> bool:
    """Whether a part begins with the frame that the one before ends with."""
    last = _greys(before, from_end=True)[-1]
    first, *others = _greys(after)
    if not others:
        return False
    return _apart(last, first) < min(_LIKE, _NEARER * _apart(first, others[0]))


def _greys(path: Path, *, from_end: bool = False) -> list[np.ndarray]:
    """The first two frames, or the last, small and grey."""
    with opened(path) as container:
        container.streams.video[0].thread_type = "AUTO"
        kept: list[VideoFrame] = []
        for frame in container.decode(video=0):
            kept = [frame] if from_end else [*kept, frame]
            if len(kept) == 2:
                break
        if not kept:
            raise unreadable("It has no frames.")
        return [_grey(frame) for frame in kept]


def _grey(frame: VideoFrame) -> np.ndarray:
    width, height = _LOOKED_AT_PX
    small = frame.reformat(width=width, height=height, format="gray", interpolation="AREA")
    return small.to_ndarray().astype(np.float32)


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


def _can_be_copied(parts: Sequence[Part], cuts: Sequence[bool]) -> bool:
    can_be_cut = all(part.ends_in_order for part, is_cut in zip(parts, cuts, strict=True) if is_cut)
    return can_be_cut and len({part.encoding for part in parts}) == 1


def _has_sound(parts: Sequence[Part]) -> bool:
    return parts[0].sound is not None and len({part.sound for part in parts}) == 1


def _copy(parts: Sequence[Part], cuts: Sequence[bool], target: Path, tell: Tell) -> None:
    """Copy the packets, each part's times after those of the part before."""
    with av.open(target, "w", format="mp4", options={"movflags": "+faststart"}) as film:
        with opened(parts[0].path) as first:
            video = film.add_stream_from_template(first.streams.video[0])
            sound = film.add_stream_from_template(first.streams.audio[0]) if _has_sound(parts) else None
        begin = Fraction(0)
        for number, (part, is_cut) in enumerate(zip(parts, cuts, strict=True)):
            tell(number / len(parts))
            end = _copy_video(part, film, video, begin, is_cut=is_cut)
            if sound is not None:
                _copy_sound(part, film, sound, begin, end)
            begin = end


def _copy_video(
    part: Part, film: OutputContainer, stream: VideoStream, begin: Fraction, *, is_cut: bool
) -> Fraction:
    """Copy one part's pictures; returns when it ends in the film, in seconds."""
    with opened(part.path) as container:
        source = container.streams.video[0]
        packets = [packet for packet in container.demux(source) if packet.size]
        tick = source.time_base or _CLOCK
        kept = packets[:-1] if is_cut else packets
        start = min(packet.pts or 0 for packet in packets)
        end = max((packet.pts or 0) + (packet.duration or 0) for packet in kept)
        for packet in kept:
            _mux(film, packet, stream, round(begin / tick) - start)
        return begin + (end - start) * tick


def _copy_sound(
    part: Part, film: OutputContainer, stream: AudioStream, begin: Fraction, end: Fraction
) -> None:
    """Copy one part's sound, as far as its pictures go."""
    with opened(part.path) as container:
        source = container.streams.audio[0]
        tick = source.time_base or _CLOCK
        for packet in container.demux(source):
            at = packet.pts if packet.size else None
            if at is not None and at >= 0 and (at + (packet.duration or 0)) * tick <= end - begin:
                _mux(film, packet, stream, round(begin / tick))


def _mux(film: OutputContainer, packet: "Packet[Any]", stream: VideoStream | AudioStream, shift: int) -> None:
    at, order = packet.pts or 0, packet.dts
    packet.pts, packet.dts = at + shift, (at if order is None else order) + shift
    packet.stream = stream
    film.mux(packet)


def _encode(parts: Sequence[Part], cuts: Sequence[bool], target: Path, tell: Tell) -> None:
    """Encode all frames anew at the first part's size, each as long as it was."""
    total_s = sum(part.length_s for part in parts)
    with av.open(target, "w", format="mp4", options={"movflags": "+faststart"}) as film:
        with opened(parts[0].path) as first:
            video = _encoder(film, first.streams.video[0])
            sound = film.add_stream_from_template(first.streams.audio[0]) if _has_sound(parts) else None
        begin, lengths = Fraction(0), deque[int]()
        for part, is_cut in zip(parts, cuts, strict=True):
            end = begin
            for frame, at, until in _frames(part, (video.width, video.height), is_cut=is_cut):
                tell(float(begin + at) / total_s)
                frame.pts, frame.time_base = round((begin + at) / _CLOCK), _CLOCK
                lengths.append(round((until - at) / _CLOCK))
                _mux_in_order(film, video.encode(frame), lengths)
                end = begin + until
            if sound is not None:
                _copy_sound(part, film, sound, begin, end)
            begin = end
        _mux_in_order(film, video.encode(None), lengths)


def _mux_in_order(film: OutputContainer, packets: "Sequence[Packet[Any]]", lengths: deque[int]) -> None:
    """Write encoded frames, each as long as it is shown; the encoder gives them in the order they came."""
    for packet in packets:
        packet.duration = lengths.popleft()
        film.mux(packet)


def _encoder(film: OutputContainer, first: VideoStream) -> VideoStream:
    """An H.264 stream of the first part's size and colours, whose frames have times of their own."""
    stream = film.add_stream("libx264", rate=first.average_rate)
    stream.width, stream.height = first.width // 2 * 2, first.height // 2 * 2
    stream.pix_fmt, stream.options = "yuv420p", {"crf": "16", "preset": "veryfast", "bf": "0"}
    stream.codec_context.time_base = _CLOCK
    for name in ("color_primaries", "color_trc", "colorspace", "color_range"):
        setattr(stream.codec_context, name, getattr(first.codec_context, name))
    return stream


def _frames(
    part: Part, size_px: tuple[int, int], *, is_cut: bool
) -> Iterator[tuple[VideoFrame, Fraction, Fraction]]:
    """Each frame at this size, and from when until when it is shown, in seconds of its part."""
    with opened(part.path) as container:
        source = container.streams.video[0]
        source.thread_type = "AUTO"
        tick, fit = source.time_base or _CLOCK, _fitting(source, size_px)
        before: VideoFrame | None = None
        start = at = Fraction(0)
        for frame in container.decode(source):
            now = (frame.pts or 0) * tick
            if before is None:
                start = now
            else:
                yield fit(before), at - start, now - start
            before, at = frame, now
        if before is not None and not is_cut:
            yield fit(before), at - start, at - start + before.duration * tick


def _fitting(source: VideoStream, size_px: tuple[int, int]) -> Callable[[VideoFrame], VideoFrame]:
    """A filter that brings a frame to this size, with black beside it where its shape is another."""
    width, height = size_px
    graph = Graph()
    graph.link_nodes(
        graph.add_buffer(template=source),
        graph.add("scale", f"{width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2"),
        graph.add("pad", f"{width}:{height}:-1:-1"),
        graph.add("format", "yuv420p"),
        graph.add("buffersink"),
    ).configure()

    def fit(frame: VideoFrame) -> VideoFrame:
        graph.push(frame)
        fitted = graph.vpull()
        fitted.pict_type = PictureType.NONE  # the encoder chooses its key frames itself
        return fitted

    return fit


def _in_words(parts: Sequence[Part], repeats: int, *, copied: bool) -> str:
    width, height = parts[0].size_px
    said = [f"{len(parts)} parts, {sum(part.length_s for part in parts):.1f} s."]
    if not copied:
        said.append(f"Encoded anew at {width} × {height}.")
    if repeats:
        said.append(f"Left out: {repeats} repeated frame{'s' if repeats > 1 else ''}.")
    if any(part.sound for part in parts) and not _has_sound(parts):
        said.append("Without sound: that of the parts differs.")
    return " ".join(said)

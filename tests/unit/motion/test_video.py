"""Reading a rendered video back."""

import io
import resource
import struct
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame

from motion import RenderSettings, Scene, VideoError, check_mp4, decode, poster_jpeg, probe, render_mp4

PICTURE = np.random.default_rng(7).integers(0, 255, (64, 96, 3), dtype=np.uint8)
SETTINGS = RenderSettings(fps=12, comment="made by the simulator", metadata={"title": "A scene"})


@pytest.fixture(scope="module")
def mp4() -> bytes:
    return render_mp4(Scene(image=PICTURE, duration_s=1.0), SETTINGS)


def test_the_video_is_h264_of_the_asked_length_and_says_where_it_comes_from(mp4: bytes) -> None:
    """H.264, yuv420p, fps × duration frames, and the comment in the container."""
    info = probe(mp4)
    assert (info.width, info.height, info.frames, info.fps) == (96, 64, 12, 12.0)
    assert (info.codec, info.pixel_format) == ("h264", "yuv420p")
    assert info.duration_s == pytest.approx(1.0, abs=0.01)
    assert info.comment == "made by the simulator"


def test_the_colours_are_tagged_bt709_limited(mp4: bytes) -> None:
    """Matrix, primaries and transfer are 1 (BT.709), the range is 1 (limited): players trust the tags."""
    with av.open(io.BytesIO(mp4)) as container:
        context = container.streams.video[0].codec_context
        tags = (context.colorspace, context.color_primaries, context.color_trc, context.color_range)
    assert tags == (1, 1, 1, 1)


def test_the_index_lies_before_the_pictures(mp4: bytes) -> None:
    """Faststart: a browser plays before it has the whole file."""
    assert 0 < mp4.find(b"moov") < mp4.find(b"mdat")


def test_all_frames_come_back(mp4: bytes) -> None:
    """Decode gives (n, H, W, 3) uint8."""
    assert decode(mp4).shape == (12, 64, 96, 3)
    assert decode(mp4).dtype == np.uint8


@pytest.mark.parametrize("last", [False, True])
def test_the_poster_is_a_jpeg_no_wider_than_asked(mp4: bytes, last: bool) -> None:  # noqa: FBT001
    """A card shows a still, scaled down."""
    poster = cv2.imdecode(
        np.frombuffer(poster_jpeg(mp4, last=last, max_width=48), np.uint8), cv2.IMREAD_COLOR
    )
    assert poster is not None
    assert poster.shape[:2] == (32, 48)


@pytest.mark.parametrize("data", [b"", b"<html>not found</html>", Path(__file__).read_bytes()])
def test_what_is_no_video_says_so(data: bytes) -> None:
    """One typed error, whatever the bytes are."""
    with pytest.raises(VideoError):
        probe(data)
    with pytest.raises(VideoError):
        poster_jpeg(data)


def test_a_whole_video_passes_the_check(mp4: bytes, tmp_path: Path) -> None:
    """From a file, so that a large one is not held in memory."""
    path = tmp_path / "one.mp4"
    path.write_bytes(mp4)
    check_mp4(path)
    assert poster_jpeg(path) == poster_jpeg(mp4)


@pytest.mark.parametrize("left_out", [1, 200, 2000])
def test_a_video_that_was_cut_behind_its_first_frame_does_not_pass(
    mp4: bytes, tmp_path: Path, left_out: int
) -> None:
    """Its poster can still be made; only the length of its boxes tells."""
    path = tmp_path / "one.mp4"
    path.write_bytes(mp4[:-left_out])
    assert poster_jpeg(path)
    with pytest.raises(VideoError, match="ends before its pictures"):
        check_mp4(path)


def test_a_video_whose_pictures_are_told_by_their_longer_form_is_measured_too(
    mp4: bytes, tmp_path: Path
) -> None:
    """A box of size 1 has its size in the eight bytes after its type."""
    path = tmp_path / "one.mp4"
    path.write_bytes(mp4 + struct.pack(">I4sQ", 1, b"mdat", 24) + bytes(8))
    check_mp4(path)
    path.write_bytes(mp4 + struct.pack(">I4sQ", 1, b"mdat", 24) + bytes(7))
    with pytest.raises(VideoError, match="ends before its pictures"):
        check_mp4(path)


@pytest.mark.parametrize("more", [b"\0", bytes(8), b"\0\0\xff\xfffree"])
def test_what_stands_behind_the_pictures_does_not_matter(mp4: bytes, tmp_path: Path, more: bytes) -> None:
    """A paid video is not refused for padding."""
    path = tmp_path / "one.mp4"
    path.write_bytes(mp4 + more)
    check_mp4(path)


def test_a_video_whose_container_holds_no_utf8_can_be_read(mp4: bytes, tmp_path: Path) -> None:
    """A paid video is not refused for what a far encoder wrote about it."""
    path = tmp_path / "one.mp4"
    path.write_bytes(mp4.replace(b"made by the", b"m\xe9de b\xff t\xfee"))
    assert "simulator" in probe(path.read_bytes()).comment
    check_mp4(path)
    assert poster_jpeg(path) == poster_jpeg(mp4)


def test_a_video_coded_in_an_unknown_way_says_so(mp4: bytes, tmp_path: Path) -> None:
    """Its container is whole, and names a codec that nobody has."""
    unknown = tmp_path / "unknown.mp4"
    unknown.write_bytes(mp4.replace(b"avc1", b"zzzz"))
    for read in (check_mp4, poster_jpeg):
        with pytest.raises(VideoError, match="not known here"):
            read(unknown)


def test_a_video_of_odd_sizes_can_be_read(tmp_path: Path) -> None:
    """Not every encoder insists on even ones."""
    path = tmp_path / "odd.mp4"
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=12)
        stream.width, stream.height, stream.pix_fmt = 95, 63, "yuv444p"
        for frame in (VideoFrame.from_ndarray(PICTURE[:63, :95], format="rgb24"), None):
            container.mux(stream.encode(frame))
    check_mp4(path)
    assert decode(path.read_bytes()).shape == (1, 62, 94, 3)


def test_a_video_cut_short_still_has_a_poster_or_says_so(mp4: bytes) -> None:
    """A truncated download never ends in a foreign exception."""
    for length in (40, 1000, 33000, len(mp4) - 200):
        try:
            assert poster_jpeg(mp4[:length])
        except VideoError as error:
            assert "video" in str(error)  # noqa: PT017 - either outcome is right, a third is not


def test_a_still_of_a_huge_video_is_scaled_before_it_takes_memory() -> None:
    """27 kB of 10,000 × 10,000 pixels took 4.9 GB; now no more than the decoder's own frames."""
    path = Path(__file__).parents[2] / "cases" / "files" / "video_10000x10000.mp4"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    check_mp4(path)
    poster = cv2.imdecode(np.frombuffer(poster_jpeg(path), np.uint8), cv2.IMREAD_COLOR)
    assert poster is not None
    assert poster.shape[:2] == (640, 640)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000  # kB


@pytest.mark.parametrize("most", [96 * 64 - 1, 1])
def test_a_video_of_too_many_pixels_is_not_decoded(
    mp4: bytes, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so."""
    monkeypatch.setattr("motion.video.MAX_PIXELS", most)
    for read in (poster_jpeg, probe, decode):
        with pytest.raises(VideoError, match="too many to be read"):
            read(mp4)

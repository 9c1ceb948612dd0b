"""Each rule of the contract on the fields that are no masks, on both sides of its limit."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling import CAPABILITIES, Finding, ImageToVideoRequest, Severity, check
from kling.rules import REFUSED_MODELS
from tests.support.make import heavy_png_text, mask_text, picture_text

GOOD = ImageToVideoRequest(image=picture_text(), model_name="kling-v1", mode="std")


def found(**changes: Any) -> list[tuple[str, str]]:
    """(field, rule) of every finding on a good request with these changes."""
    return [(finding.field, finding.rule) for finding in check(replace(GOOD, **changes))]


def only(**changes: Any) -> Finding:
    """The one finding on a good request with these changes."""
    (finding,) = check(replace(GOOD, **changes))
    return finding


def test_a_good_request_has_no_findings() -> None:
    """Silence is consent."""
    assert check(GOOD) == []
    assert check(ImageToVideoRequest(image=picture_text(kind="JPEG"), model_name="kling-v2-master")) == []


# ---- prompts


@pytest.mark.parametrize(("field", "limit"), [("prompt", 500), ("negative_prompt", 200)])
def test_a_prompt_has_a_limit_of_characters(field: str, limit: int) -> None:
    """Contract: 500 and 200 characters (not bytes)."""
    assert found(**{field: "é" * limit}) == []
    assert found(**{field: "é" * (limit + 1)}) == [(field, f"{field.replace('_', '-')}-too-long")]


def test_a_long_prompt_is_told_with_its_numbers() -> None:
    """People read: how long, how long at most, by how much."""
    finding = only(prompt="x" * 612)
    assert finding.problem == "The prompt has 612 characters; the service takes at most 500."
    assert finding.remedy == "Shorten it by 112 characters."
    assert only(prompt="x" * 501).remedy == "Shorten it by 1 character."


# ---- image


def test_an_image_is_required() -> None:
    """Contract: required."""
    assert found(image="") == [("image", "image-missing")]


def test_a_data_prefix_is_refused() -> None:
    """Contract: base64 without a data: prefix; the service answers 1201."""
    assert found(image="data:image/png;base64," + picture_text()) == [("image", "data-prefix")]


@pytest.mark.parametrize(
    "image", ["hello world!", "aGk", "aGk=\n", "aG=k", "a===", "====", "aGk-", "aGké", "ftp://x.org/a.png"]
)
def test_an_image_must_be_plain_base64(image: str) -> None:
    """Contract: "File is not in a valid base64 format"."""
    assert found(image=image) == [("image", "not-base64")]


def test_one_wrong_character_in_the_middle_of_a_long_text_is_seen() -> None:
    """The whole text is checked, not its head."""
    text = heavy_png_text(900_000)
    assert found(image=text) == []
    assert found(image=text[:700_001] + "*" + text[700_002:]) == [("image", "not-base64")]
    assert found(image=text[:700_001] + "=" + text[700_002:]) == [("image", "not-base64")]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "BMP", "TIFF"])
def test_an_image_is_a_jpeg_or_a_png(kind: str) -> None:
    """Contract: JPG/JPEG/PNG."""
    assert found(image=picture_text(kind=kind)) == [("image", "not-jpeg-or-png")]


def test_a_text_is_no_picture() -> None:
    """A text renamed .png."""
    assert found(image=base64.b64encode(b"Dear diary, today").decode()) == [("image", "not-jpeg-or-png")]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("kept", [9, 18, 21])
def test_a_file_cut_in_its_header_is_broken(kind: str, kept: int) -> None:
    """A size that cannot be read is no size."""
    cut = base64.b64encode(base64.b64decode(picture_text(kind=kind))[:kept]).decode()
    assert found(image=cut) == [("image", "picture-broken")]


def test_an_image_has_at_most_ten_megabytes() -> None:
    """Contract: 10 MB of the file, not of its base64."""
    assert found(image=heavy_png_text(10_000_000)) == []
    finding = only(image=heavy_png_text(10_000_001))
    assert (finding.field, finding.rule) == ("image", "picture-too-heavy")
    assert "10,000,001 bytes" in finding.problem
    assert "12.3 MB" in only(image=heavy_png_text(12_300_000)).problem


def test_each_side_has_at_least_300_pixels() -> None:
    """Contract: each side at least 300 px."""
    assert found(image=picture_text(300, 300)) == []
    assert found(image=picture_text(299, 300)) == [("image", "picture-too-small")]
    assert found(image=picture_text(300, 299)) == [("image", "picture-too-small")]
    assert "299 × 300 px" in only(image=picture_text(299, 300)).problem


def test_the_ratio_is_at_most_two_and_a_half_either_way() -> None:
    """Contract: between 1:2.5 and 2.5:1."""
    assert found(image=picture_text(750, 300)) == []
    assert found(image=picture_text(300, 750)) == []
    assert found(image=picture_text(751, 300)) == [("image", "picture-too-long")]
    assert found(image=picture_text(300, 751)) == [("image", "picture-too-long")]
    assert "750 px" in only(image=picture_text(751, 300)).remedy


def test_a_bomb_of_pixels_is_only_looked_at() -> None:
    """A PNG header may promise 400 megapixels: nothing is decoded, and Pillow's alarm stays silent."""
    data = bytearray(base64.b64decode(picture_text()))
    data[16:24] = (20_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    assert found(image=base64.b64encode(data).decode()) == []


def test_a_broken_animation_block_raises_nothing() -> None:
    """Pillow warns of it, and here warnings are errors: a finding comes instead of an exception."""
    data = base64.b64decode(picture_text())
    block = b"acTL" + bytes(8)
    chunk = len(block[4:]).to_bytes(4, "big") + block + zlib.crc32(block).to_bytes(4, "big")
    animated = base64.b64encode(data[:33] + chunk + data[33:]).decode()
    assert found(image=animated) == [("image", "picture-broken")]


def test_an_image_may_be_a_public_url() -> None:
    """Contract: or a public http(s) URL; its size cannot be checked."""
    assert found(image="https://example.org/a.jpg?x=1") == []
    assert found(image="http://example.org/a.jpg") == []
    assert found(image="HTTPS://EXAMPLE.ORG/A.JPG") == []


@pytest.mark.parametrize(
    "url", ["http://", "https://exa mple.org/a", "http://x.org:99999/a", "http://[::1", "https://x.org/a\n"]
)
def test_a_broken_url_is_no_image(url: str) -> None:
    """A URL must be whole."""
    assert found(image=url) == [("image", "url-invalid")]


PRIVATE = [
    "http://localhost/a",
    "http://127.0.0.1/a",
    "https://192.168.1.5/a",
    "http://[::1]/a",
    "http://nas/a",
    "http://x.local/a",
    "http://x.localhost/a",
    "http://localhost./a",
    "http://host.docker.internal/a",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_url_is_no_image(url: str) -> None:
    """Contract: a public URL; the service loads it from outside."""
    assert found(image=url) == [("image", "url-not-public")]


# ---- callback


def test_a_callback_must_be_a_whole_http_url() -> None:
    """Contract: a webhook."""
    assert found(callback_url="https://example.org/c?t=1") == []
    for url in ("example.org/c", "ftp://example.org", "https://", "javascript:alert(1)", "https://a b"):
        assert found(callback_url=url) == [("callback_url", "callback-url-invalid")]


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_callback_is_a_warning(url: str) -> None:
    """It will not be called by a service outside, and the task works without."""
    finding = only(callback_url=url)
    assert (finding.rule, finding.severity) == ("callback-url-not-public", Severity.WARNING)


# ---- model, mode, duration


def test_a_model_is_always_sent() -> None:
    """Contract: always send it."""
    assert found(model_name="") == [("model_name", "model-missing")]


@pytest.mark.parametrize("name", sorted(REFUSED_MODELS))
def test_a_model_that_was_answered_invalid_is_an_error(name: str) -> None:
    """Contract: answered "invalid model name"; the remedy names models seen working."""
    finding = only(model_name=name)
    assert (finding.rule, finding.severity) == ("model-refused", Severity.ERROR)
    assert "kling-v2-6" in finding.remedy


def test_the_refused_models_are_the_contract_s() -> None:
    """Contract: three names."""
    assert {"kling-3.0-turbo", "kling-v3-omni", "kling-video-o1"} == REFUSED_MODELS


def test_an_unknown_model_is_one_warning_and_nothing_else() -> None:
    """Users may type another name: nothing is known of it."""
    changes = {"model_name": "kling-v9", "cfg_scale": 0.3, "image_tail": picture_text()}
    (finding,) = check(replace(GOOD, **changes))  # type: ignore[arg-type]
    assert (finding.rule, finding.severity) == ("model-unknown", Severity.WARNING)


def test_a_mode_is_std_or_pro() -> None:
    """Contract: std or pro."""
    assert found(mode="pro") == []
    assert found(mode=None) == []
    assert found(mode="max") == [("mode", "mode-unknown")]
    assert found(model_name="kling-v9", mode="max")[-1] == ("mode", "mode-unknown")


@pytest.mark.parametrize("name", ["kling-v2-master", "kling-v2-1-master"])
def test_a_model_without_modes_takes_none(name: str) -> None:
    """Capability table: no mode."""
    assert found(model_name=name, mode=None) == []
    assert found(model_name=name) == [("mode", "mode-unsupported")]


@pytest.mark.parametrize("name", [*CAPABILITIES, "kling-v9"])
def test_a_duration_is_the_text_5_or_10(name: str) -> None:
    """Contract: "5" or "10", as text."""
    mode = None if "master" in name else "std"
    known = [] if name in CAPABILITIES else [("model_name", "model-unknown")]
    assert found(model_name=name, mode=mode, duration="10") == known
    for wrong in ("2", "16", "", "5.0", 5):
        assert found(model_name=name, mode=mode, duration=wrong) == [
            *known,
            ("duration", "duration-unsupported"),
        ]


@pytest.mark.parametrize("seconds", [3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15])
def test_a_duration_that_kling_documents_for_v3_may_be_sent_with_a_warning(seconds: int) -> None:
    """Contract: 3 to 15 s, not seen here; for no other model."""
    finding = only(model_name="kling-v3", duration=str(seconds), image_tail=picture_text())
    assert (finding.rule, finding.severity) == ("duration-not-seen", Severity.WARNING)
    assert found(model_name="kling-v2-6", duration=str(seconds)) == [("duration", "duration-unsupported")]


# ---- tail frame


@pytest.mark.parametrize("name", CAPABILITIES)
@pytest.mark.parametrize("mode", ["std", "pro", None])
@pytest.mark.parametrize("duration", ["5", "10"])
def test_a_tail_frame_needs_a_choice_that_takes_one(name: str, mode: str | None, duration: str) -> None:
    """Capability table, column image_tail; no mode counts as std."""
    rules = [
        rule
        for field, rule in found(model_name=name, mode=mode, duration=duration, image_tail=picture_text())
    ]
    takes = (mode or "std", duration) in CAPABILITIES[name].image_tail
    assert ("tail-unsupported" in rules) is not takes


def test_the_remedy_for_a_tail_frame_names_what_takes_one() -> None:
    """A remedy is concrete."""
    assert only(model_name="kling-v2-6", image_tail=picture_text()).remedy == (
        "Choose mode pro with 5 s or mode pro with 10 s."
    )
    assert "kling-v2-6" in only(model_name="kling-v2-master", mode=None, image_tail=picture_text()).remedy


def test_a_tail_frame_is_a_picture_like_the_image() -> None:
    """Contract: like `image`; the same rules, at its own field."""
    assert found(image_tail=picture_text(800, 400)) == []
    assert found(image_tail="x") == [("image_tail", "not-base64")]
    assert found(image_tail=picture_text(299, 400)) == [("image_tail", "picture-too-small")]
    assert found(image_tail="http://localhost/a") == [("image_tail", "url-not-public")]


def test_a_tail_frame_excludes_masks() -> None:
    """Contract: exclusive, one of three."""
    assert found(image_tail=picture_text(), static_mask=mask_text()) == [("image_tail", "tail-with-masks")]


# ---- cfg_scale


def test_cfg_scale_is_between_0_and_1() -> None:
    """Contract: 0..1."""
    assert found(cfg_scale=0.0) == found(cfg_scale=1.0) == []
    for wrong in (-0.01, 1.01, float("nan"), float("inf")):
        assert found(cfg_scale=wrong) == [("cfg_scale", "cfg-scale-out-of-range")]


@pytest.mark.parametrize("name", CAPABILITIES)
def test_cfg_scale_is_for_models_that_support_it(name: str) -> None:
    """Capability table: not for v2.x; of v3 nobody knows, which is a warning."""
    mode = None if "master" in name else "std"
    severities = {f.rule: f.severity for f in check(replace(GOOD, model_name=name, mode=mode, cfg_scale=0.5))}
    expected = {
        True: {},
        False: {"cfg-scale-unsupported": Severity.ERROR},
        None: {"cfg-scale-unknown": Severity.WARNING},
    }[CAPABILITIES[name].cfg_scale]
    assert severities == expected


# ---- external id


def test_an_external_id_must_be_usable_in_a_query() -> None:
    """Contract: can be used in place of the task id to query, which is a path."""
    assert found(external_task_id="3f2a-11.b_c~:é") == []
    for wrong in ("a b", "a/b", "a?b", "..", "a\n", "x" * 201):
        assert found(external_task_id=wrong) == [("external_task_id", "external-task-id-unusable")]


# ---- the function itself


ANY = st.text(max_size=40) | st.sampled_from(
    ["https://", "data:", "iVBORw0KGgo=", "/9j/", picture_text(), "http://["]
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: ANY
            for name in ImageToVideoRequest.__dataclass_fields__
            if name not in ("dynamic_masks", "cfg_scale")
        },
    )
)
def test_check_never_raises_on_any_text(changes: dict[str, str]) -> None:
    """Property: whatever a person types, findings come and no exception."""
    check(replace(GOOD, **changes))  # type: ignore[arg-type]


@settings(max_examples=300)
@given(
    st.sampled_from(["PNG", "JPEG"]),
    st.lists(st.tuples(st.integers(2, 400), st.integers(0, 255)), max_size=6),
    st.integers(12, 600),
)
def test_check_never_raises_on_a_damaged_picture(
    kind: str, bytes_at: list[tuple[int, int]], kept: int
) -> None:
    """Property: a header with any bytes changed and cut anywhere is judged, not stumbled over."""
    data = bytearray(base64.b64decode(picture_text(kind=kind)))
    for at, value in bytes_at:
        data[at % len(data)] = value
    check(replace(GOOD, image=base64.b64encode(data[:kept]).decode()))

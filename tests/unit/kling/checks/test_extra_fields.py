"""Extra fields are sent as typed at the end of the body, and refused at the field where they cannot be."""

import json
from dataclasses import fields

import pytest

from kling import ImageToVideoRequest
from kling.checks.check import check
from kling.checks.extra_fields import MAX_BYTES, MAX_DEPTH, OUR_FIELDS


def request(extra_fields: str) -> ImageToVideoRequest:
    return ImageToVideoRequest(image="aW1n", model_name="kling-v3", prompt="wind", extra_fields=extra_fields)


def refusal(extra_fields: str) -> str:
    """The one finding on them; nothing of them is sent then."""
    (found,) = [one for one in check(request(extra_fields)) if one.field == "extra_fields"]
    assert request(extra_fields).to_wire() == request("").to_wire()
    assert found.problem
    assert found.remedy
    return f"{found.rule}: {found.problem}"


def test_our_fields_are_the_ones_of_the_request() -> None:
    """A new field of the request may not be overwritten either."""
    assert {field.name for field in fields(ImageToVideoRequest)} - {"extra_fields"} == OUR_FIELDS


@pytest.mark.parametrize(
    "typed", ['{"sound": "off"}', ' {"camera_control": {"type": "simple", "config": {"zoom": -1.5}}}\n', "{}"]
)
def test_they_are_sent_as_typed_at_the_end_of_the_body(typed: str) -> None:
    """After every field of ours, whose bytes stay the same."""
    body, plain = json.dumps(request(typed).to_wire()), json.dumps(request("").to_wire())
    assert body.startswith(plain[:-1])
    assert json.loads(body) == json.loads(plain) | json.loads(typed)
    assert not [one for one in check(request(typed)) if one.field == "extra_fields"]


@pytest.mark.parametrize("typed", ["", "  \n "])
def test_nothing_typed_is_nothing_sent(typed: str) -> None:
    """An empty field is no mistake."""
    assert request(typed).to_wire() == request("").to_wire()
    assert not [one for one in check(request(typed)) if one.field == "extra_fields"]


@pytest.mark.parametrize("name", sorted(OUR_FIELDS))
def test_no_field_of_ours_is_overwritten(name: str) -> None:
    """Nor one that is not used just now."""
    assert refusal(json.dumps({"sound": "off", name: "x"})).startswith("extra-fields-ours")


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("sound=off", "no-json"),
        ('{"sound": "off"', "no-json"),
        ("[1]", "no-object"),
        ('"sound"', "no-object"),
        ("null", "no-object"),
        ('{"sound": "on", "sound": "off"}', "twice"),
        ('{"a": {"b": 1, "b": 2}}', "twice"),
        (r'{"\ud83d": 1, "\ud83d": 2}', "twice"),
        ('{"a": NaN}', "not-a-number"),
        ('{"a": [-Infinity]}', "not-a-number"),
        ('{"a": 1e999}', "not-a-number"),
        ('{"a": ' + "9" * 5_000 + "}", "not-a-number"),
        ('{"a": ' + "[" * 1_000 + "]" * 1_000 + "}", "too-deep"),
        ('{"a": ' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}", "too-deep"),
        ('{"a": "' + "x" * MAX_BYTES + '"}', "too-large"),
        ('{"a": "' + "🙂" * 2_500 + '"}', "too-large"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_reason(typed: str, rule: str) -> None:
    """Always an error at the field, never an exception."""
    assert refusal(typed).encode().decode().startswith(f"extra-fields-{rule}: The extra fields ")


def test_as_many_bytes_and_levels_as_are_allowed_are_sent() -> None:
    """The near misses of the limits."""
    deep = '{"a": ' + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1) + "}"
    large = '{"a": "' + "x" * (MAX_BYTES - 9) + '"}'
    for typed in (deep, large):
        assert "a" in request(typed).to_wire()

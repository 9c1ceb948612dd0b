"""The draft: what a picture is on the wire, and ids of one's own."""

from dataclasses import replace

from kling.task_ids import is_queryable_id, new_external_task_id
from studio.pictures.picture_url import PictureUrl
from studio.pictures.source_image import read_image
from studio.request.draft import Picture, kept_draft_wins
from tests.support.make import draft
from tests.support.pictures import encoded, gradient


def test_a_picture_with_pixels_is_sent_as_plain_base64() -> None:
    """No data: prefix (contract.md); the pixels win over the address they came from."""
    source = read_image(encoded(gradient()), "a.png")
    assert Picture(source=source, url=PictureUrl("https://example.org/a.png")).wire_value == source.base64
    assert not source.base64.startswith("data:")


def test_a_picture_by_its_url_is_sent_as_that_url() -> None:
    """It is passed on and not fetched unasked (reliability.md)."""
    assert (
        Picture(url=PictureUrl("https://example.org/a.png?b=c")).wire_value == "https://example.org/a.png?b=c"
    )


def test_a_picture_of_nothing_is_sent_as_nothing() -> None:
    """Empty, for the checks to find."""
    assert Picture().wire_value == ""


def test_ids_of_ones_own_are_random_and_can_be_queried() -> None:
    """128 bits each, and usable in the path of a query (contract.md, reliability.md)."""
    made = {new_external_task_id() for _ in range(200)}
    assert len(made) == 200
    assert all(is_queryable_id(task_id) for task_id in made)
    assert {len(task_id.removeprefix("studio-")) * 4 for task_id in made} == {128}


def test_a_kept_draft_comes_back_unless_a_picture_was_chosen_meanwhile() -> None:
    """A prompt alone is set aside for it; a picture is work that stays in hand."""
    kept, typed = draft(), replace(draft(prompt="wind"), picture=None)
    assert kept_draft_wins(kept, None)
    assert kept_draft_wins(kept, typed)
    assert not kept_draft_wins(kept, draft())
    assert not kept_draft_wins(kept, replace(typed, tail=kept.picture))
    assert not kept_draft_wins(None, None)

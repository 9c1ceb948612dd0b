"""Variants of a draft: every combination once, and nothing else of the draft changed."""

from dataclasses import replace

from studio.drawing.model import Layer
from studio.request.draft import Carrier
from studio.request.variants import VariantChoice, prompts_of, variant_id, variant_title, variants_of
from tests.support.make import area, draft, path

DRAWN = draft(area(Layer.MOTION_1), path(Layer.MOTION_1), prompt="wind", cfg_scale=0.5)


def choice(*models: str, **others: tuple[object, ...]) -> VariantChoice:
    """These models, each in std, the best way, with one prompt."""
    plain: dict[str, tuple[object, ...]] = {"modes": ("std",), "carriers": (None,), "prompts": ("wind",)}
    return VariantChoice(models=models, **{**plain, **others})  # type: ignore[arg-type]


def test_every_combination_is_there_once_in_the_order_of_the_choice() -> None:
    """Two models, two modes and two prompts are eight, the first model's first."""
    found = variants_of(
        DRAWN, choice("kling-v1", "kling-v1-5", modes=("std", "pro"), prompts=("wind", "rain"))
    )
    chosen = [(one.parameters.model_name, one.parameters.mode, one.parameters.prompt) for one in found]
    assert len(set(chosen)) == len(chosen) == 8
    assert chosen[:3] == [
        ("kling-v1", "std", "wind"),
        ("kling-v1", "std", "rain"),
        ("kling-v1", "pro", "wind"),
    ]


def test_a_model_of_one_quality_is_there_once_for_all_modes() -> None:
    """Sent twice it would be paid twice for the same video."""
    (only,) = variants_of(DRAWN, choice("kling-v2-master", modes=("std", "pro")))
    assert only.parameters.mode is None


def test_the_best_carrier_and_the_same_one_by_name_are_one() -> None:
    """kling-v1 std takes masks: asked for twice, they would be sent twice."""
    assert len(variants_of(DRAWN, choice("kling-v1", carriers=(None, Carrier.BRUSH, Carrier.WORDS)))) == 2


def test_a_guidance_that_a_model_does_not_take_is_left_out_and_all_else_stays() -> None:
    """Checks say what is wrong with a combination, and its person leaves it out."""
    old, new = variants_of(DRAWN, choice("kling-v1", "kling-v2-6"))
    assert old == DRAWN
    assert new == replace(
        DRAWN, parameters=replace(DRAWN.parameters, model_name="kling-v2-6", cfg_scale=None)
    )


def test_each_line_is_a_prompt_beside_the_drafts_own_and_none_is_there_twice() -> None:
    """Empty lines are none."""
    assert prompts_of("wind", " rain \n\nwind\nsnow") == ("wind", "rain", "snow")
    assert prompts_of("", "") == ("",)


def test_ids_follow_from_the_drafts_own() -> None:
    """The same draft makes the same ids in every tab, and a draft whose id is spent is known by the first."""
    assert [variant_id("mine", number) for number in range(3)] == ["mine", "mine-2", "mine-3"]


def test_a_title_names_what_differs() -> None:
    """In the words of the screen."""
    assert variant_title(DRAWN, Carrier.BRUSH) == "kling-v1 · std · 5 s · motion brush"
    assert variant_title(DRAWN, Carrier.NONE) == "kling-v1 · std · 5 s"

"""The client's rules and the simulator's were read from one documentation by two people: they must agree."""

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from kling import (
    CAPABILITIES,
    DynamicMask,
    ImageToVideoRequest,
    KlingError,
    TaskStatus,
    TrajectoryPoint,
    check,
    rules,
)
from kling.checks.finding import Severity
from kling.error_table import classify
from simulator.contract import documented
from simulator.contract.refusals import ROWS, RefusalReason
from tests.contract.conftest import Joined
from tests.support.simulated import wire_mask, wire_picture

IMAGE, MASK = wire_picture(), wire_mask()
MOVING = (
    DynamicMask(mask=MASK, trajectories=(TrajectoryPoint(x=130, y=200), TrajectoryPoint(x=230, y=200))),
)


LIMITS = {
    "MAX_PROMPT_CHARS": "MAX_PROMPT_CHARS",
    "MAX_NEGATIVE_PROMPT_CHARS": "MAX_NEGATIVE_PROMPT_CHARS",
    "MAX_IMAGE_BYTES": "MAX_IMAGE_BYTES",
    "MIN_SIDE_PX": "MIN_IMAGE_SIDE_PX",
    "MAX_RATIO": "MAX_ASPECT_RATIO",
    "MAX_DYNAMIC_MASKS": "MAX_DYNAMIC_MASKS",
    "MIN_TRAJECTORY_POINTS": "MIN_TRAJECTORY_POINTS",
    "MAX_TRAJECTORY_POINTS": "MAX_TRAJECTORY_POINTS",
    "MIN_CFG_SCALE": "MIN_CFG_SCALE",
    "MAX_CFG_SCALE": "MAX_CFG_SCALE",
    "MODES": "MODES",
    "DURATIONS": "DURATIONS",
    "DEFAULT_MODE": "DEFAULT_MODE",
    "DEFAULT_DURATION": "DEFAULT_DURATION",
    "REFUSED_MODEL_NAMES": "REFUSED_MODELS",
}
"""Each limit by its name in the simulator, and its name in the client's rules."""


def differences(simulated: Any, sent: Any) -> dict[str, tuple[Any, Any]]:
    """The limits that the two do not have alike, by their names in the simulator."""
    pairs = {name: (getattr(simulated, name), getattr(sent, other)) for name, other in LIMITS.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def test_the_limits_are_the_same() -> None:
    """Each number of the documentation."""
    assert differences(documented, rules) == {}


@pytest.mark.parametrize("name", LIMITS)
def test_control_each_limit_that_differs_is_found(name: str) -> None:
    """Also where another limit has the same value."""
    simulated = SimpleNamespace(**{limit: getattr(documented, limit) for limit in LIMITS})
    setattr(
        simulated, name, getattr(documented, "MAX_PROMPT_CHARS" if name != "MAX_PROMPT_CHARS" else "MODES")
    )
    assert set(differences(simulated, rules)) == {name}


def test_control_every_limit_of_the_simulator_is_compared() -> None:
    """But for the lists' and the videos', which the client neither checks nor needs."""
    numbers = {name for name in vars(documented) if name.startswith(("MAX_", "MIN_"))}
    assert numbers - set(LIMITS) == {"MAX_PAGE_NUM", "MAX_PAGE_SIZE"}


def test_the_capability_tables_are_the_same() -> None:
    """Model by model; the simulator may decide as it likes where the client calls a capability unknown."""
    assert set(documented.OFFERS) == set(CAPABILITIES)
    for name, offer in documented.OFFERS.items():
        known = CAPABILITIES[name]
        theirs = (offer.modes, offer.durations, offer.klings_durations, offer.image_tail)
        ours = (known.modes, known.durations, known.documented_durations, known.image_tail)
        assert theirs == ours
        assert known.motion_brush == offer.motion_brush
        assert known.cfg_scale in (None, offer.cfg_scale)


def test_every_refusal_is_understood() -> None:
    """No answer of the simulator is "unexpected" to the client."""
    known = {reason: classify(row.http_status, row.code or None, "") for reason, row in ROWS.items()}
    assert not {reason for reason, error in known.items() if error.kind == "unexpected_answer"}
    assert known[RefusalReason.BROKEN].task_may_exist
    assert not known[RefusalReason.MALFORMED].task_may_exist


VARIANTS: dict[str, tuple[Any, ...]] = {
    "image_tail": (None, IMAGE),
    "static_mask": (None, MASK),
    "dynamic_masks": ((), MOVING),
    "cfg_scale": (None, 0.5),
}


@pytest.mark.parametrize("model_name", CAPABILITIES)
def test_both_judge_every_combination_alike(service: Joined, model_name: str) -> None:
    """The client's errors are refused, all else succeeds; unknown capabilities aside."""
    for mode, duration in product((None, "std", "pro"), ("5", "10", "15")):
        for values in product(*VARIANTS.values()):
            fields = dict(zip(VARIANTS, values, strict=True))
            request = ImageToVideoRequest(
                image=IMAGE, model_name=model_name, mode=mode, duration=duration, **fields
            )
            findings = check(request)
            stops = any(finding.severity is Severity.ERROR for finding in findings)
            if stops or not any(finding.rule.endswith("-unknown") for finding in findings):
                assert succeeds(service, request) != stops, (request.to_wire_summary(), findings)


def succeeds(service: Joined, request: ImageToVideoRequest) -> bool:
    try:
        task = service.client.create(request)
    except KlingError:
        return False
    return service.client.get(task.task_id).status is TaskStatus.SUCCEED

"""From a JSON body to a `CreateRequest`, or a documented refusal."""

import base64
import json
from collections.abc import Callable
from typing import Any, Final

from simulator.contract import documented, fields
from simulator.contract.create_request import Brush, CreateRequest, Picture
from simulator.contract.documented import Offer
from simulator.contract.fields import Body
from simulator.contract.pictures import UNREADABLE, PictureProblem
from simulator.contract.refusals import Refusal, RefusalReason, bad_parameter, bad_value

_PICTURES: Final = ("image", "image_tail", "static_mask")


def parse(raw: bytes) -> object:
    """The JSON of a body.

    Raises:
        Refusal: there is none.
    """
    try:
        body: object = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Refusal(RefusalReason.MALFORMED, "The request body is not valid JSON") from error
    return body


def with_pictures(body: dict[str, Any], fetch: Callable[[str], bytes]) -> dict[str, Any]:
    """A body that was found in order, with every picture's URL replaced by the picture.

    Raises:
        PictureProblem: one of them cannot be had.
    """

    def inline(holder: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        urls = {name: holder[name] for name in names if fields.is_url(holder.get(name))}
        return holder | {name: _base64(fetch(url)) for name, url in urls.items()}

    brushes = [inline(brush, ("mask",)) for brush in body.get("dynamic_masks") or []]
    return inline(body, _PICTURES) | ({"dynamic_masks": brushes} if brushes else {})


def _base64(data: bytes) -> str:
    if not data.startswith(fields.MAGIC):
        raise PictureProblem(UNREADABLE)
    return base64.b64encode(data).decode()


def read_create(body: object) -> CreateRequest:
    """Check every documented rule that can be checked before a picture is opened.

    Raises:
        Refusal: with the first rule that is broken.
    """
    if not isinstance(body, dict):
        raise Refusal(RefusalReason.MALFORMED, "the request body must be a JSON object")
    model_name = fields.text(body, "model_name") or documented.DEFAULT_MODEL
    offer = _offer(model_name)
    request = _read_fields(body, model_name, offer)
    _check_exclusive(request, camera_control=bool(body.get("camera_control")))
    _check_offer(request, offer)
    return request


def _offer(model_name: str) -> Offer:
    if model_name in documented.REFUSED_MODEL_NAMES:
        raise bad_value(f"invalid model name: {model_name}")
    offer = documented.OFFERS.get(model_name)
    if offer is None:
        message = f"no available channel for model {model_name[:80]}"
        raise Refusal(RefusalReason.MODEL_NOT_FOUND, message)
    return offer


def _read_fields(body: Body, model_name: str, offer: Offer) -> CreateRequest:
    return CreateRequest(
        image=_image(body),
        model_name=model_name,
        mode=_mode(body, model_name, offer),
        duration_s=int(
            fields.choice(body, "duration", offer.durations + offer.klings_durations)
            or documented.DEFAULT_DURATION
        ),
        prompt=fields.text(body, "prompt", max_chars=documented.MAX_PROMPT_CHARS) or "",
        negative_prompt=fields.text(body, "negative_prompt", max_chars=documented.MAX_NEGATIVE_PROMPT_CHARS)
        or "",
        cfg_scale=fields.number(body, "cfg_scale", documented.MIN_CFG_SCALE, documented.MAX_CFG_SCALE),
        image_tail=fields.picture(body, "image_tail"),
        static_mask=fields.picture(body, "static_mask"),
        brushes=_brushes(body),
        callback_url=fields.web_address(body, "callback_url"),
        external_task_id=fields.text(body, "external_task_id"),
    )


def _image(body: Body) -> Picture:
    image = fields.picture(body, "image")
    if image is None:
        raise bad_parameter("image is required")
    return image


def _mode(body: Body, model_name: str, offer: Offer) -> str:
    mode = fields.choice(body, "mode", documented.MODES)
    if mode is not None and mode not in offer.modes:
        raise bad_value(f"mode is not supported by {model_name}")
    return mode or (documented.DEFAULT_MODE if offer.modes else "")


def _brushes(body: Body) -> tuple[Brush, ...]:
    value = body.get("dynamic_masks")
    if value is None:
        return ()
    if not isinstance(value, list):
        raise bad_parameter("dynamic_masks must be an array")
    if len(value) > documented.MAX_DYNAMIC_MASKS:
        raise bad_value(f"dynamic_masks must not exceed {documented.MAX_DYNAMIC_MASKS}, got {len(value)}")
    return tuple(_brush(item, f"dynamic_masks[{index}]") for index, item in enumerate(value))


def _brush(item: object, label: str) -> Brush:
    if not isinstance(item, dict):
        raise bad_parameter(f"{label} must be an object with mask and trajectories")
    mask = fields.picture(item, "mask", label=f"{label}.mask")
    if mask is None:
        raise bad_parameter(f"{label}.mask is required")
    points = fields.trajectory(item.get("trajectories"), f"{label}.trajectories")
    return Brush(mask=mask, trajectory_wire_px=points)


def _check_exclusive(request: CreateRequest, *, camera_control: bool) -> None:
    masks = request.static_mask is not None or bool(request.brushes)
    if masks + (request.image_tail is not None) + camera_control > 1:
        raise bad_value("image_tail, static_mask/dynamic_masks and camera_control cannot be used together")


def _check_offer(request: CreateRequest, offer: Offer) -> None:
    duration = str(request.duration_s)
    what = (request.mode, offer.durations[-1] if duration in offer.klings_durations else duration)
    label = (
        f"{request.model_name}{' ' + request.mode if request.mode else ''} with duration {request.duration_s}"
    )
    if request.image_tail is not None and what not in offer.image_tail:
        raise bad_value(f"image_tail is not supported by {label}")
    if (request.static_mask is not None or request.brushes) and what not in offer.motion_brush:
        raise bad_value(f"static_mask and dynamic_masks are not supported by {label}")
    if request.cfg_scale is not None and not offer.cfg_scale:
        raise bad_value(f"cfg_scale is not supported by {request.model_name}")

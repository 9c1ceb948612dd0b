"""The public catalogue of models, `GET /api/models`: a few rows of the real one's shape.

How CometAPI names Kling's models in it is not known: these rows name the living ones in three ways. A row
proves a listing and a price, not that a create succeeds.
"""

from typing import Any, Final

Json = dict[str, Any]

VIDEO: Final = ["image-to-video"]


def _row(model_id: str, name: str, usd: float, **more: object) -> Json:
    """A row that charges `usd` × 0.8 a video; the other fields as the real rows have them."""
    return {
        "id": model_id,
        "code": model_id,
        "provider": "Kling",
        "name": name,
        "model_type": "video",
        "features": VIDEO,
        "pricing": {"per_request": usd, "ratio": 0.8},
        "endpoints": {"kling": {"path": "/kling/v1/videos/image2video", "method": "POST"}},
        "api_doc_url": None,
        "latest_model_name": None,
        "upcoming": False,
        **more,
    }


ROWS: Final[tuple[Json, ...]] = (
    _row("kling-v2-5-turbo", "Kling 2.5 Turbo", 0.2625),
    _row("kling_v2_6", "Kling V2.6", 0.2625, code="kling-v2-6"),
    _row("kling-3-0", "kling-v3", 0.525, features=None, endpoints='["kling"]'),
    _row("kling-3.0-turbo", "Kling 3.0 Turbo", 0.42, upcoming=True),
    _row(
        "grok-4.5",
        "Grok 4.5",
        0.0,
        code="grok-4-5",
        provider="xAI",
        model_type="text",
        features=None,
        pricing={"input": 2.0, "output": 10.0, "ratio": 0.8},
        endpoints=["openai"],
    ),
)
"""The simulator's own rows."""

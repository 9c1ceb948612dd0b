"""A told address is made whole, and is the service's own only where its origin is."""

import pytest

from studio.files.result_address import is_same_origin, whole_url

BASE = "https://api.far.test/kling"


@pytest.mark.parametrize(
    ("told", "whole"),
    [
        (" https://cdn.test/v.mp4?sig=x%2Fy#z ", "https://cdn.test/v.mp4?sig=x%2Fy#z"),
        ("http://cdn.test/v.mp4", "http://cdn.test/v.mp4"),
        ("HTTPS://cdn.test/v.mp4", "HTTPS://cdn.test/v.mp4"),
        ("//cdn.test/v.mp4", "https://cdn.test/v.mp4"),
        ("cdn.test/v.mp4", "https://cdn.test/v.mp4"),
        ("cdn.test:8443/v.mp4", "https://cdn.test:8443/v.mp4"),
        ("localhost:3000/v.mp4", "https://localhost:3000/v.mp4"),
        ("/v/x.mp4?a=1", "https://api.far.test/v/x.mp4?a=1"),
        ("v/x.mp4", "https://api.far.test/kling/v/x.mp4"),
        ("x.mp4", "https://api.far.test/kling/x.mp4"),
        ("data:video/mp4;base64,AA", "data:video/mp4;base64,AA"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_an_address_without_a_scheme_is_https_and_a_path_the_services_own(told: str, whole: str) -> None:
    """Everything else is left as it is, to be judged."""
    assert whole_url(told, BASE) == whole


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://api.far.test/v", True),
        ("https://API.FAR.test:443/v", True),
        ("http://api.far.test/v", False),
        ("https://api.far.test:80/v", False),
        ("https://far.test/v", False),
        ("https://api.far.test.evil.test/v", False),
        ("https://api.far.test@evil.test/v", False),
        ("https://user@api.far.test/v", False),
        ("https://evil.test/?https://api.far.test", False),
        ("https://evil.test#@api.far.test/", False),
        ("https://evil.test\\@api.far.test/", False),
        ("https://api.far.test.", False),
        ("data:api.far.test", False),
        ("https://[::1", False),
    ],
)
def test_only_scheme_host_and_port_together_are_an_origin(url: str, own: bool) -> None:  # noqa: FBT001
    """A look-alike of the service is not the service."""
    assert is_same_origin(url, BASE) is own

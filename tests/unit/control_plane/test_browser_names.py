"""What a browser says of itself, in a person's words."""

import pytest

from control_plane.pages.account.devices import describe

_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
_PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (f"{_MAC} Version/19.0 Safari/605.1.15", "Safari on macOS"),
        (f"{_WINDOWS} Chrome/150.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"{_WINDOWS} Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0", "Edge on Windows"),
        (f"{_PHONE} Chrome/150.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox on Linux",
        ),
        ("curl/8.14.1", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_has_a_name(user_agent: str, expected: str) -> None:
    assert describe(user_agent) == expected

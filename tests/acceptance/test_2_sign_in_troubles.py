"""What the example of a desktop client says when things go wrong, against a running product."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.acceptance.product import Product, wait_until
from tests.acceptance.test_2_sign_in import PASSWORD

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/desktop"
BROWSER = """
import sys, urllib.parse, urllib.request
sys.path.insert(0, {root!r})
from tests.acceptance.test_2_sign_in import Person
person, url = Person({origin!r}), sys.argv[1]
callback = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["redirect_uri"]
for stray in ("/favicon.ico", "/callback?state=forged&code=stolen"):
    try:
        urllib.request.urlopen(urllib.parse.urljoin(callback, stray), timeout=20)
    except urllib.error.HTTPError:
        pass
signed_in = person.submit(person.open(url), email={email!r}, password={password!r})
page = person.open(signed_in.headers["Location"])
back = person.submit(page, decision={decision!r}).headers["Location"]
urllib.request.urlopen(back, timeout=20).read()
"""
# Prints an answer with an access token that the test hands in, good or not.
WITH_TOKEN = """
import os, main
session = main.Session(os.environ["SERVER"], os.environ["TOKEN"])
print("".join(session.stream("Hello", "gpt-5")))
"""
NO_KEYRING = "def get_password(*_):\n raise KeyringError\nset_password = get_password\n"


class Desktop:
    """One computer with the example on it."""

    def __init__(self, product: Product, home: Path) -> None:
        self.origin, self.home = f"http://localhost:{product.port}", home
        self.kept = home / "headrace-desktop" / "tokens"
        self.environment = {
            **product.environment,
            "XDG_DATA_HOME": str(home),
            "BROWSER": "false",
            "PYTHONPATH": str(EXAMPLE),
        }

    def person(self, email: str, decision: str = "allow") -> None:
        """Who sits before the browser from now on."""
        values = {"root": str(ROOT), "origin": self.origin, "password": PASSWORD}
        script = self.home / "browser.py"
        script.write_text(BROWSER.format(**values, email=email, decision=decision))
        # Ending in &, so that the example does not wait for its browser.
        self.environment["BROWSER"] = f"{sys.executable} {script} %s &"

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        argv = [sys.executable, str(EXAMPLE / "main.py"), "--server", self.origin, *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(argv, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr."""
        with self.start(*arguments) as running:
            output, errors = running.communicate(timeout=90)
            return running.returncode, output.strip(), errors.strip()


@pytest.fixture
def desktop(product: Product, tmp_path: Path) -> Desktop:
    return Desktop(product, tmp_path)


@pytest.fixture
def signed_in(product: Product, desktop: Desktop) -> Callable[..., Desktop]:
    """A computer whose user has just registered, with this tier and these credits."""

    def sign_in(email: str, tier: str, credits_: int) -> Desktop:
        product.environment["HEADRACE_USER_PASSWORD"] = PASSWORD
        made = product.command("user", "create", email, "--tier", tier, "--credits", str(credits_))
        del product.environment["HEADRACE_USER_PASSWORD"]
        assert made.returncode == 0, made.stderr
        desktop.person(email)
        return desktop

    return sign_in


def test_without_credits_the_top_up_page_is_shown(signed_in: Callable[..., Desktop]) -> None:
    code, output, errors = signed_in("poor@example.com", "pro", 0).run("Hello")
    assert (code, output) == (1, "")
    assert errors.endswith("/pricing")


def test_a_rate_limit_shows_how_long_to_wait(signed_in: Callable[..., Desktop]) -> None:
    desktop = signed_in("hasty@example.com", "free", 100)
    outcomes = [desktop.run("Hello") for _ in range(11)]
    assert {code for code, _, _ in outcomes[:10]} == {0}
    code, _, errors = outcomes[10]
    assert code == 1
    assert errors.startswith("That was more than your plan allows. Try again in ")
    assert errors.removesuffix(" s.") != errors


def test_an_expired_token_is_refreshed_once_and_the_request_repeated(
    signed_in: Callable[..., Desktop],
) -> None:
    desktop = signed_in("stale@example.com", "pro", 100)
    assert desktop.run("Hello")[0] == 0
    before = desktop.kept.read_text()
    desktop.environment |= {"BROWSER": "false", "SERVER": desktop.origin, "TOKEN": "stale"}
    argv = [sys.executable, "-c", WITH_TOKEN]
    done = subprocess.run(
        argv, env=desktop.environment, capture_output=True, text=True, check=False, timeout=90
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()
    assert desktop.kept.read_text() != before


def test_a_session_ended_elsewhere_signs_in_again(
    signed_in: Callable[..., Desktop],
) -> None:
    desktop = signed_in("ended@example.com", "pro", 100)
    assert desktop.run("Hello")[0] == 0
    token = json.loads(desktop.kept.read_text())[desktop.origin]
    form = {"token": token, "client_id": "textassistant-desktop"}
    assert requests.post(f"{desktop.origin}/oauth/revoke", data=form, timeout=20).ok
    code, output, errors = desktop.run("Hello")
    assert code == 0
    assert output
    assert errors == "Your session has ended: sign in again in the browser."


def test_ctrl_c_stops_the_stream_and_what_arrived_is_charged(
    product: Product, signed_in: Callable[..., Desktop]
) -> None:
    desktop = signed_in("stops@example.com", "pro", 100)
    with desktop.start('sim: {"frames": 600, "frame_delay_ms": 100}') as running:
        assert running.stdout is not None
        assert running.stdout.read(20)
        os.kill(running.pid, signal.SIGINT)
        _, errors = running.communicate(timeout=30)
        assert (running.returncode, errors.strip()) == (130, "Stopped.")
    token = product.token("stops@example.com")

    def paid() -> bool:
        _, credits_ = product.get("/v1/credits/me", token)
        return bool(credits_["held_credits"] == 0 and 0 < credits_["used_credits"] < 3)

    wait_until(paid, 30, str)


def test_a_broken_stream_shows_the_error_after_what_arrived(
    signed_in: Callable[..., Desktop],
) -> None:
    code, output, errors = signed_in("broken@example.com", "pro", 100).run(
        'sim: {"frames": 9, "frame_delay_ms": 100, "error_at_frame": 5}'
    )
    assert code == 1
    assert output
    assert errors.startswith("The model's provider failed.")


def test_denied_consent_signs_nobody_in(product: Product, desktop: Desktop) -> None:
    desktop.person("demo@example.com", decision="deny")
    code, output, errors = desktop.run("Hello")
    assert (code, output) == (1, "")
    assert errors.startswith("Not signed in: ")
    assert not desktop.kept.exists()


def test_without_a_keyring_tokens_are_kept_in_a_file(
    tmp_path: Path, signed_in: Callable[..., Desktop]
) -> None:
    desktop = signed_in("locked@example.com", "pro", 100)
    package = tmp_path / "site" / "keyring"
    package.mkdir(parents=True)
    (package / "errors.py").write_text("class KeyringError(Exception):\n pass\n")
    (package / "__init__.py").write_text(f"from .errors import KeyringError\n{NO_KEYRING}")
    desktop.environment["PYTHONPATH"] = str(package.parent)
    assert desktop.run("Hello")[0] == 0
    assert desktop.kept.stat().st_mode & 0o777 == 0o600


def test_an_unavailable_service_is_reported(desktop: Desktop) -> None:
    desktop.origin = "http://127.0.0.1:9"
    desktop.environment |= {"SERVER": desktop.origin}
    desktop.kept.parent.mkdir()
    desktop.kept.write_text(json.dumps({desktop.origin: "a token"}))
    code, _, errors = desktop.run("Hello")
    assert code == 1
    assert errors.startswith("The service cannot be reached")
    assert "a token" in desktop.kept.read_text()


@pytest.mark.parametrize(
    ("refusal", "output"),
    [
        (
            {
                "code": "model_access_restricted",
                "details": {"required_tier": "p", "upgrade_url": "u"},
            },
            "This model needs the p plan: u",
        ),
        (
            {"code": "request_too_large_for_plan", "details": {"upgrade_url": "u"}},
            "This alone is more than your plan allows: u",
        ),
        ({"code": "account_suspended"}, "Your account is suspended. Please write to support."),
        ({"code": "service_unavailable"}, "The service is away. Try again in a moment."),
        (
            {"code": "credits_exhausted", "message": "m"},
            "Your credits ran out here; what you have read is charged.",
        ),
        ({"code": "model_access_restricted", "message": "no details"}, "no details"),
        ({"code": "new_one", "message": "with {braces}"}, "with {braces}"),
    ],
)
def test_other_errors_are_shown_in_plain_english(refusal: dict[str, object], output: str) -> None:
    script = "import json, sys, refusals; print(refusals.Refused(json.loads(sys.argv[1])))"
    argv = [sys.executable, "-c", script, json.dumps(refusal)]
    done = subprocess.run(argv, cwd=EXAMPLE, capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.strip() == output

"""The example of a desktop client, driven as its user does; the test is its browser."""

import subprocess
import sys
from pathlib import Path

from tests.acceptance.product import Product

ROOT = Path(__file__).parents[2]
BROWSER = """
import sys, urllib.request
sys.path.insert(0, {root!r})
from tests.acceptance.test_2_sign_in import Person
urllib.request.urlopen(Person({origin!r}).allow(sys.argv[1]), timeout=20).read()
"""


def test_the_example_signs_in_streams_and_signs_out(product: Product, tmp_path: Path) -> None:
    origin = f"http://localhost:{product.port}"
    browser = tmp_path / "browser.py"
    browser.write_text(BROWSER.format(root=str(ROOT), origin=origin))
    # Ending in &, so that the example does not wait for its browser.
    environment = {
        **product.environment,
        "BROWSER": f"{sys.executable} {browser} %s &",
        "XDG_DATA_HOME": str(tmp_path),
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = str(ROOT / "examples/desktop/main.py")
        argv = [sys.executable, program, "--server", origin, *arguments]
        return subprocess.run(
            argv, env=environment, capture_output=True, text=True, check=False, timeout=90
        )

    first = run("Hello")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.strip()
    kept = tmp_path / "headrace-desktop" / "tokens"
    assert kept.stat().st_mode & 0o777 == 0o600
    environment["BROWSER"] = "false"
    assert run("Again").returncode == 0
    wrong = run("Hello", "--model", "no-such-model")
    assert wrong.returncode == 1
    assert "model" in wrong.stderr
    assert run("--sign-out").returncode == 0
    assert kept.read_text() == "{}"

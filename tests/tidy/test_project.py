"""What the project's files may not say, and what its documentation must."""

import re

from tests.tidy.sources import ROOT, files, name, python_files, strings

# Spelt in pieces, so that this file does not say them either.
REGISTRIES = ("files.pythonhosted" + ".org", "pypi" + ".org", "registry.npmjs" + ".org")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|home/\w+|root|Users)/[\w.-]+")
VARIABLE = re.compile(
    r"^(?:(?:HEADRACE|OPENAI|ANTHROPIC|GOOGLE)_[A-Z_]+|DATABASE_URL|REDIS_URL|SMTP_URL|RAY_ADDRESS)$"
)
# Set by the product for its own children, or by a test or a load test for its own.
INTERNAL = {"HEADRACE_INSTANCE", "HEADRACE_SERVICE", "HEADRACE_FAILPOINT"}
SETS_ITS_OWN = ("loadtests", "tests")


def test_no_file_names_a_registry() -> None:
    found = [
        f"{name(file)}: {host}"
        for file in files()
        for host in REGISTRIES
        if host.encode() in file.read_bytes()
    ]
    assert found == []


def test_no_file_names_a_folder_of_some_machine() -> None:
    texts = [each for each in files() if each.suffix in {".py", ".md", ".yaml", ".toml", ".sql"}]
    found = [
        f"{name(file)}: {match.group()}"
        for file in texts
        for match in MACHINE_PATHS.finditer(file.read_text())
    ]
    assert found == []


def test_every_variable_is_documented() -> None:
    documented = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    read = {
        str(each.value)
        for file in python_files()
        if not name(file).startswith(SETS_ITS_OWN)
        for each in strings(file)
        if VARIABLE.match(str(each.value))
    }
    assert read - documented - INTERNAL - {"HEADRACE_"} == set()
    assert documented - read == set()


def test_every_event_script_and_word_has_its_place() -> None:
    """The Makefile's words are the ones the documentation may use."""
    words = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    assert {"up", "down", "test", "check", "fmt", "load", "bench"} <= words

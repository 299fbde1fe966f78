"""The agents and tools that are run as commands."""

from typing import Any

from tests.clients.commands import codex, gemini_cli, llm, qwen_code
from tests.clients.commands.invocation import SHELL
from tests.clients.records import Client, Program

_URL = "http://localhost:3000"
_ABORT = {"frames": 100, "frame_delay_ms": 100}
_SLOWLY = {"text": "one two three", "frames": 3, "frame_delay_ms": 400}
_WHOLE = "it prints whole messages only; it reads a stream all the same"
_ANSWER = {"city": "Paris", "days": 2}


def _calls(name: str, **arguments: Any) -> dict[str, Any]:
    """The model calls the agent's own shell, which writes what it was called with into a file."""
    return {"tool": {"name": name, "arguments": arguments}, "text": "sunny"}


COMMANDS: tuple[Client, ...] = (
    Client(
        name="claude-code",
        title="Claude Code",
        language="sh",
        setup=f"""\
export ANTHROPIC_BASE_URL={_URL}
export ANTHROPIC_AUTH_TOKEN=$HEADRACE_KEY
claude --model claude-sonnet-4-5""",
        notes="Any model may be named. `DISABLE_TELEMETRY=1` and "
        "`CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1` keep it from calling Anthropic itself.",
        program=Program("claude-code"),
        directives={
            "tool": _calls("Bash", command=SHELL, description="Write the city"),
            "structured": {"tool": {"name": "StructuredOutput", "arguments": _ANSWER}},
            "abort": _ABORT,
        },
    ),
    Client(
        name="codex",
        title="Codex, `~/.codex/config.toml`",
        language="toml",
        setup=codex.CONFIGURATION.format(url=_URL).strip(),
        notes="`codex --model gpt-5.2`, or any other.",
        program=Program("codex"),
        gaps={"streamed": _WHOLE},
        directives={
            "tool": _calls("exec_command", cmd=SHELL),
            "abort": _ABORT,
        },
    ),
    Client(
        name="gemini-cli",
        title="Gemini CLI",
        language="sh",
        setup=f"""\
export GEMINI_API_KEY=$HEADRACE_KEY
export GOOGLE_GEMINI_BASE_URL={_URL}
gemini --model gemini-3.1-pro-preview""",
        settings=("~/.gemini/settings.json", gemini_cli.SETTINGS),
        program=Program("gemini-cli"),
        gaps={"structured": "it has no option for a schema"},
        directives={
            "tool": _calls("run_shell_command", command=SHELL),
            "abort": _ABORT,
        },
    ),
    Client(
        name="opencode",
        title="opencode, `~/.config/opencode/opencode.json`",
        language="json",
        setup="""\
{
  "provider": {
    "headrace": {
      "npm": "@ai-sdk/openai-compatible",
      "name": "Headrace",
      "options": {"baseURL": "http://localhost:3000/v1", "apiKey": "{env:HEADRACE_KEY}"},
      "models": {
        "gpt-5.2": {
          "attachment": true,
          "modalities": {"input": ["text", "image"], "output": ["text"]}
        }
      }
    }
  }
}""",
        notes="`opencode --model headrace/gpt-5.2`.",
        program=Program("opencode"),
        gaps={"streamed": _WHOLE, "structured": "it has no option for a schema"},
        directives={
            "tool": _calls("bash", command=SHELL, description="Write the city"),
            "abort": _ABORT,
        },
    ),
    Client(
        name="qwen-code",
        title="Qwen Code",
        language="sh",
        setup=f"""\
export OPENAI_BASE_URL={_URL}/v1
export OPENAI_API_KEY=$HEADRACE_KEY
qwen --model gpt-5.2""",
        settings=("~/.qwen/settings.json", qwen_code.SETTINGS),
        notes="It sends no images to models that it does not know, unless `modalities` says so.",
        program=Program("qwen-code"),
        directives={
            "tool": _calls("run_shell_command", command=SHELL, is_background=False),
            "structured": {"tool": {"name": "structured_output", "arguments": _ANSWER}},
            "abort": _ABORT,
        },
    ),
    Client(
        name="aider",
        title="aider",
        language="sh",
        setup=f"""\
export OPENAI_API_BASE={_URL}/v1
export OPENAI_API_KEY=$HEADRACE_KEY
aider --model openai/gpt-5.2 --no-show-model-warnings""",
        notes="`openai/` is the prefix for this API; any model may follow it. It has no tools: the "
        "model writes edits as text, which it applies to files.",
        program=Program("aider"),
        gaps={"structured": "it has no option for a schema"},
        directives={
            "tool": {"text": "city.txt\n```\nParis\n```\nsunny"},
            "streamed": _SLOWLY,
            "abort": _ABORT,
        },
    ),
    Client(
        name="llm",
        title="`llm`, `extra-openai-models.yaml` in the folder of `llm logs path`",
        language="yaml",
        setup=llm.model("gpt-5.2", _URL).strip(),
        notes='`llm keys set headrace`, then `llm --model gpt-5.2 "Hello"`.',
        program=Program("libraries"),
        directives={"streamed": _SLOWLY, "abort": _ABORT},
    ),
)

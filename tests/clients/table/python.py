"""The Python libraries."""

from typing import Any

from tests.clients.records import Client, Program
from tests.clients.table.python_agents import AGENTS
from tests.clients.table.python_models import MODELS

_DSPY = Program("libraries", "dspy_modules")


def _fields(**values: str) -> dict[str, Any]:
    """What the model answers: DSPy looks for each field after its line."""
    lines = [f"[[ ## {name} ## ]]\n{value}" for name, value in values.items()]
    return {"text": "\n\n".join([*lines, "[[ ## completed ## ]]"])}


PYTHON: tuple[Client, ...] = (
    *AGENTS,
    *MODELS,
    Client(
        name="dspy",
        title="DSPy",
        language="python",
        setup="""\
dspy.configure(
    lm=dspy.LM(
        "openai/gpt-5.2",
        api_base="http://localhost:3000/v1",
        api_key=os.environ["HEADRACE_KEY"],
    )
)""",
        notes="`openai/` is DSPy's prefix for this API; any model may follow it.",
        program=_DSPY,
        gaps={"abort": "leaving its stream early cancels whoever leaves it"},
        directives={
            "plain": _fields(answer="one two three"),
            "streamed": _fields(answer="one two three"),
            "image": _fields(answer="a dot"),
            "tool": _fields(
                next_thought="Look it up.",
                next_tool_name="weather",
                next_tool_args='{"city": "Paris"}',
                reasoning="It was looked up.",
                answer="sunny",
            ),
        },
    ),
)

"""`llm`, over OpenAI's Chat Completions."""

import json

from tests.clients.commands.invocation import PICTURE, SCHEMA, Finished, Invocation, Request
from tests.clients.records import FAMILIES
from tests.clients.tasks import Outcome

_TOOL = '''
def weather(city: str) -> str:
    """The weather in a city."""
    open("city.txt", "w").write(city)
    return "sunny"
'''


def invocation(request: Request) -> Invocation:
    argv = [str(request.programs / "llm"), "--model", request.model, "--no-log"]
    match request.task:
        case "tool":
            argv += ["--functions", _TOOL]
        case "structured":
            argv += ["--schema", SCHEMA]
        case "image":
            argv += ["--attachment", PICTURE]
    environment = {"LLM_USER_PATH": str(request.home), "PYTHONUNBUFFERED": "1"}
    files = {
        "extra-openai-models.yaml": "".join(
            model(each, request.url) for each, _ in FAMILIES.values()
        ),
        "keys.json": json.dumps({"headrace": request.key}),
    }
    return Invocation([*argv, request.text], environment, files)


def model(name: str, url: str) -> str:
    """An entry of `extra-openai-models.yaml`."""
    return f"""\
- model_id: {name}
  model_name: {name}
  api_base: {url}/v1
  api_key_name: headrace
  vision: true
  supports_schema: true
  supports_tools: true
"""


def outcome(task: str, finished: Finished) -> Outcome:
    if finished.code:
        return finished.failed()
    parsed = json.loads(finished.stdout) if task == "structured" else None
    return {
        "text": finished.stdout,
        "pieces": len(finished.reads),
        "called": finished.called(),
        "parsed": parsed,
    }

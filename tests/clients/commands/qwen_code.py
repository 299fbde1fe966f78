"""Qwen Code, over OpenAI's Chat Completions."""

from tests.clients.commands.invocation import PICTURE, SCHEMA, Finished, Invocation, Request
from tests.clients.tasks import Outcome

SETTINGS = """\
{
  "model": {"generationConfig": {"modalities": {"image": true}}},
  "security": {"auth": {"selectedType": "openai"}},
  "privacy": {"usageStatisticsEnabled": false},
  "general": {"enableAutoUpdate": false, "disableAutoUpdate": true}
}
"""


def invocation(request: Request) -> Invocation:
    argv = [str(request.programs / "qwen"), "--model", request.model, "--yolo"]
    argv += ["--output-format", "stream-json", "--include-partial-messages"]
    argv += ["--json-schema", SCHEMA] if request.task == "structured" else []
    text = f"@{PICTURE} {request.text}" if request.task == "image" else request.text
    environment = {"OPENAI_BASE_URL": f"{request.url}/v1", "OPENAI_API_KEY": request.key}
    files = {".qwen/settings.json": SETTINGS}
    return Invocation([*argv, "--prompt", text], environment, files)


def outcome(task: str, finished: Finished) -> Outcome:
    lines = list(finished.lines())
    result = next((line for line in lines if line["type"] == "result"), None)
    if result is None or result["is_error"] or result["result"].startswith("[API Error"):
        return finished.failed()
    deltas = [line["event"].get("delta", {}) for line in lines if line["type"] == "stream_event"]
    return {
        "text": result["result"],
        "pieces": len([each for each in deltas if each.get("type") == "text_delta"]),
        "called": finished.called(),
        "parsed": result.get("structured_result"),
    }

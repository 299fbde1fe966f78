"""Gemini CLI, over Google's generateContent."""

from tests.clients.commands.invocation import PICTURE, Finished, Invocation, Request
from tests.clients.tasks import Outcome

SETTINGS = """\
{
  "security": {"auth": {"selectedType": "gemini-api-key"}},
  "privacy": {"usageStatisticsEnabled": false},
  "general": {"enableAutoUpdate": false, "disableAutoUpdate": true}
}
"""


def invocation(request: Request) -> Invocation:
    argv = [str(request.programs / "gemini"), "--model", request.model, "--yolo"]
    argv += ["--skip-trust", "--output-format", "stream-json", "--prompt"]
    text = f"@{PICTURE} {request.text}" if request.task == "image" else request.text
    environment = {
        "GEMINI_API_KEY": request.key,
        "GOOGLE_GEMINI_BASE_URL": request.url,
        "GEMINI_CLI_TRUST_WORKSPACE": "true",
    }
    return Invocation([*argv, text], environment, {".gemini/settings.json": SETTINGS})


def outcome(task: str, finished: Finished) -> Outcome:
    lines = list(finished.lines())
    result = next((line for line in lines if line["type"] == "result"), {})
    if result.get("status") != "success":
        return finished.failed()
    texts = [
        line["content"]
        for line in lines
        if line["type"] == "message" and line["role"] == "assistant"
    ]
    return {"text": "".join(texts), "pieces": len(texts), "called": finished.called()}

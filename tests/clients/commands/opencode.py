"""opencode, over OpenAI's Chat Completions."""

import json

from tests.clients.commands.invocation import PICTURE, Finished, Invocation, Request
from tests.clients.records import FAMILIES
from tests.clients.tasks import Outcome


def invocation(request: Request) -> Invocation:
    argv = [str(request.programs / "opencode"), "run", "--format", "json", "--title", "t"]
    argv += ["--model", f"headrace/{request.model}"]
    argv += ["--file", PICTURE] if request.task == "image" else []
    environment = {
        "HEADRACE_KEY": request.key,
        "OPENCODE_DISABLE_AUTOUPDATE": "1",
        "OPENCODE_DISABLE_MODELS_FETCH": "1",
        "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
        "OPENCODE_DISABLE_DEFAULT_PLUGINS": "1",
    }
    files = {".config/opencode/opencode.json": json.dumps(_configuration(request.url))}
    return Invocation(argv, environment, files, request.text)


def outcome(task: str, finished: Finished) -> Outcome:
    lines = list(finished.lines())
    texts = [line["part"]["text"] for line in lines if line["type"] == "text"]
    if not texts or any(line["type"] == "error" for line in lines):
        return finished.failed()
    return {"text": texts[-1], "called": finished.called()}


def _configuration(url: str) -> dict[str, object]:
    images = {"attachment": True, "modalities": {"input": ["text", "image"], "output": ["text"]}}
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "name": "Headrace",
        "options": {"baseURL": f"{url}/v1", "apiKey": "{env:HEADRACE_KEY}"},
        "models": {model: images for model, _ in FAMILIES.values()},
    }
    return {
        "autoupdate": False,
        "share": "disabled",
        "permission": "allow",
        "provider": {"headrace": provider},
    }

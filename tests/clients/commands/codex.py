"""Codex, over OpenAI's Responses API."""

import json

from tests.clients.commands.invocation import PICTURE, SCHEMA, Finished, Invocation, Request
from tests.clients.tasks import Outcome

CONFIGURATION = """\
model_provider = "headrace"
check_for_update_on_startup = false

[model_providers.headrace]
name = "Headrace"
base_url = "{url}/v1"
env_key = "HEADRACE_KEY"
wire_api = "responses"

[analytics]
enabled = false
"""


def invocation(request: Request) -> Invocation:
    argv = [str(request.programs / "codex"), "exec", "--json", "--model", request.model]
    argv += ["--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"]
    if request.task == "structured":
        argv += ["--output-schema", str(request.home / "schema.json")]
    if request.task == "image":
        argv += ["--image", PICTURE]
    files = {
        ".codex/config.toml": CONFIGURATION.format(url=request.url),
        "schema.json": SCHEMA,
    }
    return Invocation([*argv, "-"], {"HEADRACE_KEY": request.key}, files, request.text)


def outcome(task: str, finished: Finished) -> Outcome:
    items = [line["item"] for line in finished.lines() if line["type"] == "item.completed"]
    texts = [item["text"] for item in items if item["type"] == "agent_message"]
    if finished.code or not texts:
        return finished.failed()
    parsed = json.loads(texts[-1]) if task == "structured" else None
    return {"text": texts[-1], "called": finished.called(), "parsed": parsed}

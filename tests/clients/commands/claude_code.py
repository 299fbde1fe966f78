"""Claude Code, over Anthropic's Messages API."""

import json

from tests.clients.commands.invocation import SCHEMA, Finished, Invocation, Request
from tests.clients.tasks import Outcome


def invocation(request: Request) -> Invocation:
    argv = [str(request.programs / "claude"), "-p", "--model", request.model]
    argv += ["--dangerously-skip-permissions", "--verbose", "--output-format", "stream-json"]
    environment = {
        "ANTHROPIC_BASE_URL": request.url,
        "ANTHROPIC_AUTH_TOKEN": request.key,
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        "DISABLE_TELEMETRY": "1",
        "DISABLE_ERROR_REPORTING": "1",
        "IS_SANDBOX": "1",
    }
    match request.task:
        case "streamed":
            argv.append("--include-partial-messages")
        case "structured":
            argv += ["--json-schema", SCHEMA]
        case "image":
            argv += ["--input-format", "stream-json"]
            return Invocation(argv, environment, stdin=_picture(request))
    return Invocation(argv, environment, stdin=request.text)


def outcome(task: str, finished: Finished) -> Outcome:
    lines = list(finished.lines())
    result = next((line for line in lines if line["type"] == "result"), None)
    if result is None or result["is_error"]:
        return finished.failed()
    deltas = [line["event"].get("delta", {}) for line in lines if line["type"] == "stream_event"]
    return {
        "text": result["result"],
        "pieces": len([each for each in deltas if each.get("type") == "text_delta"]),
        "called": finished.called(),
        "parsed": result.get("structured_output"),
    }


def _picture(request: Request) -> str:
    source = {"type": "base64", "media_type": "image/png", "data": request.image}
    content = [{"type": "text", "text": request.text}, {"type": "image", "source": source}]
    return json.dumps({"type": "user", "message": {"role": "user", "content": content}}) + "\n"

"""aider, over OpenAI's Chat Completions. Its model writes edits as text, not as calls of tools."""

import json
import re

from tests.clients.commands.invocation import PICTURE, Finished, Invocation, Request
from tests.clients.records import FAMILIES
from tests.clients.tasks import Outcome

_PRICES = "model_prices_and_context_window.json"
_MODELS = {
    f"openai/{model}": {"max_input_tokens": 128_000, "supports_vision": True, "mode": "chat"}
    for model, _ in FAMILIES.values()
}
"""What it knows of models comes from the network; a file that is a day old at most is as good."""


def invocation(request: Request) -> Invocation:
    argv = [str(request.programs / "aider"), "--model", f"openai/{request.model}"]
    argv += ["--no-git", "--yes-always", "--no-check-update", "--analytics-disable"]
    argv += ["--no-show-model-warnings", "--no-pretty", "--no-detect-urls", "--no-gitignore"]
    argv += ["--edit-format", "whole", "--map-tokens", "0", "--message", request.text]
    argv += [PICTURE] if request.task == "image" else []
    environment = {
        "OPENAI_API_BASE": f"{request.url}/v1",
        "OPENAI_API_KEY": request.key,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "PYTHONUNBUFFERED": "1",
    }
    return Invocation(argv, environment, {".aider/caches/" + _PRICES: json.dumps(_MODELS)})


def outcome(task: str, finished: Finished) -> Outcome:
    answer = re.search(r"HISTORY.html\S*\s+(.*?)\s+Tokens: ", finished.stdout, re.DOTALL)
    if finished.code or answer is None:
        return finished.failed()
    pieces = [each for each in finished.reads if each.strip() and each.strip() in answer[1]]
    return {"text": answer[1], "pieces": len(pieces), "called": finished.called()}

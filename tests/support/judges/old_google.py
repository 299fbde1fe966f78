"""Google's older SDK, `google-generativeai`, over REST: a program for a Python of its own.

It reads a table of cases as JSON from stdin, and writes the answer or the SDK's exception of each
as JSON. It imports nothing of ours: see `installed.py`.
"""

import base64
import json
import sys
from typing import Any

import google.generativeai as genai
from google.api_core import exceptions
from google.generativeai import protos


def main() -> None:
    table = json.load(sys.stdin)
    genai.configure(
        api_key=table["key"], transport="rest", client_options={"api_endpoint": table["url"]}
    )
    json.dump({case["id"]: judged(case) for case in table["cases"]}, sys.stdout)


Case = dict[str, Any]


def judged(case: Case) -> dict[str, Any]:
    try:
        return send(case)
    except exceptions.GoogleAPICallError as error:
        return {"error": {"name": type(error).__name__, "status": error.code, "text": str(error)}}


def send(case: Case) -> dict[str, Any]:
    model = genai.GenerativeModel(
        case["model"], system_instruction=case.get("system"), tools=case.get("tools")
    )
    if case.get("counts"):
        return {"count": model.count_tokens(case["text"]).total_tokens}
    options = {"generation_config": case.get("config"), "stream": case["streamed"]}
    options |= {"tool_config": case["tool_config"]} if "tool_config" in case else {}
    options["request_options"] = {"retry": None, "timeout": 20}
    contents = [{"role": "user", "parts": parts(case)}]
    first = model.generate_content(contents, **options)
    received = read(first)
    if "results" in case:
        answers = zip(received["calls"], case["results"], strict=True)
        answered = [answer(call, texts) for call, texts in answers]
        turn = protos.Content(role="model", parts=[*all_parts(first)])
        contents += [turn, protos.Content(role="user", parts=answered)]
        options.pop("tool_config", None)
        received["then"] = read(model.generate_content(contents, **options))["text"]
    return received


def parts(case: Case) -> list[Any]:
    inline = {"mime_type": "image/png", "data": base64.b64decode(case.get("picture", ""))}
    return [case["text"], *([inline] if "picture" in case else [])]


def answer(call: dict[str, Any], text: str) -> Any:
    response = protos.FunctionResponse(name=call["name"], response={"output": text})
    return protos.Part(function_response=response)


def all_parts(response: Any) -> Any:
    return response.candidates[0].content.parts


def read(response: Any) -> dict[str, Any]:
    for _ in response:  # a stream is gathered by reading it
        pass
    found = all_parts(response)
    calls = [part.function_call for part in found if part.function_call]
    usage = response.usage_metadata
    return {
        "text": "".join(part.text for part in found if part.text),
        "calls": [{"name": call.name, "arguments": dict(call.args)} for call in calls],
        "reason": response.candidates[0].finish_reason.name,
        "prompt": usage.prompt_token_count,
        "output": usage.candidates_token_count,
    }


main()

"""Google's older SDK, `google-generativeai`, over REST: a program for a Python of its own.

A table of cases comes in as JSON by stdin; what each has heard, or what the SDK has raised, goes
out as JSON. It imports nothing of ours: see `installed.py`.
"""

import base64
import json
import sys

import google.generativeai as genai
from google.api_core import exceptions
from google.generativeai import protos


def main():
    table = json.load(sys.stdin)
    genai.configure(
        api_key=table["key"], transport="rest", client_options={"api_endpoint": table["url"]}
    )
    json.dump({case["id"]: judged(case) for case in table["cases"]}, sys.stdout)


def judged(case):
    try:
        return ask(case)
    except exceptions.GoogleAPICallError as error:
        return {"error": {"name": type(error).__name__, "status": error.code, "text": str(error)}}


def ask(case):
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
    heard = read(first)
    if "results" in case:
        answers = zip(heard["calls"], case["results"], strict=True)
        answered = [answer(call, said) for call, said in answers]
        turn = protos.Content(role="model", parts=[*all_parts(first)])
        contents += [turn, protos.Content(role="user", parts=answered)]
        options.pop("tool_config", None)
        heard["then"] = read(model.generate_content(contents, **options))["text"]
    return heard


def parts(case):
    shown = {"mime_type": "image/png", "data": base64.b64decode(case.get("picture", ""))}
    return [case["text"], *([shown] if "picture" in case else [])]


def answer(call, said):
    response = protos.FunctionResponse(name=call["name"], response={"output": said})
    return protos.Part(function_response=response)


def all_parts(response):
    return response.candidates[0].content.parts


def read(response):
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

"""A valid request for every route, to be damaged. What would end the session or the account carries
a wrong password, so that the fuzzer goes on being somebody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any] | None
OPENAI, ANTHROPIC, GOOGLE, OAUTH, PAGE = "openai", "anthropic", "google", "oauth", "page"
ANY = "any"
"""The shape of the vendor whose headers the caller sends."""


@dataclass(frozen=True, slots=True)
class Case:
    """`shape` names the form of its errors; `{}` in `path` is a segment to damage.

    `routed` is False where no route matches: there aiohttp answers `Expect` itself, unless the edge
    has refused it before.
    """

    method: str
    path: str
    body: Body = None
    query: tuple[str, ...] = ()
    shape: str = OPENAI
    form: bool = False
    routed: bool = True


_TOOL = {
    "name": "look_up",
    "description": "Looks something up",
    "parameters": {
        "type": "object",
        "properties": {"q": {"type": "string", "enum": ["a", "b"]}},
        "required": ["q"],
    },
}
_INPUT = {"q": "a"}
_PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA"
    "60e6kgAAAABJRU5ErkJggg=="
)


def chat(model: str) -> Case:
    return Case(
        "POST",
        "/v1/chat/completions",
        {
            "model": model,
            "messages": [
                {"role": "system", "content": "Be brief."},
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "What is this?"},
                        {"type": "image_url", "image_url": {"url": _PNG, "detail": "low"}},
                    ],
                },
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [
                        {
                            "id": "call_1",
                            "type": "function",
                            "function": {"name": "look_up", "arguments": '{"q": "a"}'},
                        }
                    ],
                },
                {"role": "tool", "tool_call_id": "call_1", "content": "found"},
            ],
            "tools": [{"type": "function", "function": _TOOL}],
            "tool_choice": "auto",
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_completion_tokens": 20,
            "temperature": 0.5,
            "top_p": 0.9,
            "n": 1,
            "stop": ["END"],
            "response_format": {"type": "text"},
            "seed": 7,
            "user": "u",
            "metadata": {"a": "b"},
        },
    )


def responses(model: str) -> Case:
    return Case(
        "POST",
        "/v1/responses",
        {
            "model": model,
            "instructions": "Be brief.",
            "input": [
                {"role": "user", "content": [{"type": "input_text", "text": "Hello"}]},
                {
                    "type": "function_call",
                    "call_id": "call_1",
                    "name": "look_up",
                    "arguments": '{"q": "a"}',
                },
                {"type": "function_call_output", "call_id": "call_1", "output": "found"},
            ],
            "tools": [{"type": "function", **_TOOL}],
            "tool_choice": "auto",
            "max_output_tokens": 20,
            "temperature": 0.5,
            "text": {"format": {"type": "text"}},
            "reasoning": None,
            "stream": False,
            "store": False,
            "metadata": {"a": "b"},
        },
    )


def messages(model: str) -> Case:
    return Case(
        "POST",
        "/v1/messages",
        {
            "model": model,
            "max_tokens": 20,
            "system": [{"type": "text", "text": "Be brief."}],
            "messages": [
                {"role": "user", "content": "Hello"},
                {
                    "role": "assistant",
                    "content": [
                        {
                            "type": "tool_use",
                            "id": "toolu_1",
                            "name": "look_up",
                            "input": {"q": "a"},
                        }
                    ],
                },
                {
                    "role": "user",
                    "content": [
                        {"type": "tool_result", "tool_use_id": "toolu_1", "content": "found"}
                    ],
                },
            ],
            "tools": [
                {
                    "name": "look_up",
                    "description": "Looks something up",
                    "input_schema": _TOOL["parameters"],
                }
            ],
            "tool_choice": {"type": "auto"},
            "stop_sequences": ["END"],
            "temperature": 0.5,
            "stream": False,
            "metadata": {"user_id": "u"},
        },
        shape=ANTHROPIC,
    )


def generate(model: str) -> Case:
    return Case(
        "POST",
        f"/v1beta/models/{model}:generateContent",
        {
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "contents": [
                {"role": "user", "parts": [{"text": "Hello"}]},
                {
                    "role": "model",
                    "parts": [{"functionCall": {"name": "look_up", "args": {"q": "a"}}}],
                },
                {
                    "role": "user",
                    "parts": [{"functionResponse": {"name": "look_up", "response": {"r": 1}}}],
                },
            ],
            "tools": [{"functionDeclarations": [_TOOL]}],
            "toolConfig": {"functionCallingConfig": {"mode": "AUTO"}},
            "generationConfig": {
                "maxOutputTokens": 20,
                "temperature": 0.5,
                "topP": 0.9,
                "stopSequences": ["END"],
                "responseMimeType": "text/plain",
            },
        },
        query=("alt", "key"),
        shape=GOOGLE,
    )


def embed(model: str, verb: str) -> Case:
    request = {
        "model": f"models/{model}",
        "content": {"parts": [{"text": "Hello"}]},
        "taskType": "RETRIEVAL_QUERY",
        "outputDimensionality": 8,
    }
    body = {"requests": [request, request]} if verb.startswith("batch") else request
    return Case("POST", f"/v1beta/models/{model}:{verb}", body, shape=GOOGLE)


def inference(openai: str, anthropic: str, google: str, vectors: str) -> tuple[Case, ...]:
    """Every surface on every provider, by one model of each."""
    across = [make(m) for make in (chat, responses) for m in (openai, anthropic, google)]
    across += [make(m) for make in (messages, generate) for m in (anthropic, google, openai)]
    return (
        *across,
        Case("POST", "/v1/completions", {"model": openai, "prompt": "Once", "max_tokens": 20}),
        Case("POST", "/v1/embeddings", {"model": vectors, "input": ["a", "b"], "dimensions": 8}),
        embed(vectors, "embedContent"),
        embed(vectors, "batchEmbedContents"),
        Case("POST", "/v1/moderations", {"input": ["a", "b"], "model": "omni-moderation-latest"}),
        Case("GET", "/v1/responses/{}", query=("include[]", "stream", "starting_after")),
        Case("DELETE", "/v1/responses/{}"),
        Case("POST", "/v1/responses/{}/cancel", {}),
        Case("GET", "/v1/responses/{}/input_items", query=("limit", "order", "after")),
        Case("POST", "/v1/chat/completions/{}", {"metadata": {"a": "b"}}),
        Case("GET", "/v1/nowhere/{}", shape=ANY, routed=False),
        Case("POST", "/v1/responses/input_tokens", {"model": openai, "input": "Hello"}),
        Case("POST", "/v1/estimate", chat(openai).body),
        Case(
            "POST",
            "/v1/messages/count_tokens",
            {k: messages(anthropic).body[k] for k in ("model", "messages", "system", "tools")},  # type: ignore[index]
            shape=ANTHROPIC,
        ),
        Case(
            "POST",
            f"/v1beta/models/{google}:countTokens",
            {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]},
            shape=GOOGLE,
        ),
        Case("POST", "/v1beta/models/{}:generateContent", {"contents": []}, shape=GOOGLE),
    )


_WRONG = "not-the-password"
_PAGING = ("limit", "offset")

CONTROL: tuple[Case, ...] = (
    Case(
        "GET",
        "/v1/models",
        query=("available", "capability", "provider", "limit", "after_id"),
        shape=ANY,
    ),
    Case("GET", "/v1/models/{}", shape=ANY),
    Case("GET", "/v1beta/models", query=("pageSize", "pageToken"), shape=GOOGLE),
    Case("GET", "/v1beta/models/{}", shape=GOOGLE),
    Case("GET", "/v1/credits/me"),
    Case("GET", "/api/user/credits"),
    Case("GET", "/v1/rate-limit"),
    Case("GET", "/api/user/profile"),
    Case("GET", "/v1/users/me"),
    Case("PATCH", "/v1/users/me", {"first_name": "A", "last_name": "B", "username": "fuzz"}),
    Case("PATCH", "/v1/users/me", {"profile_picture_url": "https://example.com/a.png"}),
    Case(
        "POST",
        "/v1/users/me/password",
        {"current_password": _WRONG, "new_password": "another long password"},
    ),
    Case("POST", "/v1/users/me/email", {"current_password": _WRONG, "email": "b@example.com"}),
    Case("GET", "/v1/users/me/preferences"),
    Case(
        "PATCH",
        "/v1/users/me/preferences",
        {
            "default_model_id": "gpt-5",
            "enable_streaming": True,
            "max_tokens": 100,
            "temperature": 0.5,
            "preferences_metadata": {"theme": "dark"},
        },
    ),
    Case("GET", "/v1/users/me/preferences/model"),
    Case("POST", "/v1/users/me/preferences/model", {"model_id": "gpt-5"}),
    Case("GET", "/v1/users/me/sessions", query=_PAGING),
    Case("DELETE", "/v1/users/me/sessions/{}"),
    Case("GET", "/v1/users/me/security"),
    Case("POST", "/v1/users/me/security/totp/confirm", {"code": "000000"}),
    Case("DELETE", "/v1/users/me/security/totp", {"current_password": _WRONG, "code": "000000"}),
    Case("POST", "/v1/users/me/security/recovery-codes", {"current_password": _WRONG, "code": "1"}),
    Case("DELETE", "/v1/users/me/security/passkeys/{}", {"current_password": _WRONG, "code": "1"}),
    Case("GET", "/v1/api-keys", query=_PAGING),
    Case(
        "POST",
        "/v1/api-keys",
        {
            "name": "k",
            "scopes": ["llm.inference"],
            "credit_cap": 5,
            "expires_at": "2030-01-01T00:00:00Z",
        },
    ),
    Case("DELETE", "/v1/api-keys/{}"),
    Case(
        "GET",
        "/v1/usage",
        query=("start_date", "end_date", "model_id", "operation", "limit", "offset"),
    ),
    Case("GET", "/v1/usage/stats", query=("start_date", "end_date", "group_by", "timezone")),
    Case("GET", "/v1/subscription-plans"),
    Case("POST", "/auth/register", {"email": "fuzz@example.com", "password": "short"}),
    Case("POST", "/auth/verify-email", {"token": "t"}),
    Case("POST", "/auth/forgot-password", {"email": "nobody@example.com"}),
    Case("POST", "/auth/reset-password", {"token": "t", "new_password": "another long password"}),
    Case("GET", "/health"),
    Case("GET", "/nowhere/{}", routed=False),
)

ENDING: tuple[Case, ...] = (
    Case("DELETE", "/v1/users/me", {"current_password": _WRONG, "code": "000000"}),
)
"""What may delete the account that sends it."""

_AUTHORIZE = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "claims",
    "id_token_hint",
    "nonce",
    "response_mode",
    "login_hint",
    "acr_values",
)

IDENTITY: tuple[Case, ...] = (
    Case("GET", "/.well-known/openid-configuration", shape=OAUTH),
    Case("GET", "/oauth/jwks", shape=OAUTH),
    Case("GET", "/oauth/authorize", query=_AUTHORIZE, shape=PAGE),
    Case(
        "POST",
        "/oauth/token",
        {
            "grant_type": "authorization_code",
            "code": "c",
            "redirect_uri": "http://localhost:8080/callback",
            "client_id": "textassistant-desktop",
            "code_verifier": "v" * 43,
        },
        shape=OAUTH,
        form=True,
    ),
    Case(
        "POST",
        "/oauth/token",
        {"grant_type": "refresh_token", "refresh_token": "r", "client_id": "textassistant-desktop"},
        shape=OAUTH,
        form=True,
    ),
    Case(
        "POST",
        "/oauth/device_authorization",
        {"client_id": "textassistant-desktop", "scope": "openid"},
        shape=OAUTH,
        form=True,
    ),
    Case(
        "POST",
        "/oauth/revoke",
        {"token": "t", "token_type_hint": "access_token", "client_id": "textassistant-desktop"},
        shape=OAUTH,
        form=True,
    ),
    Case("GET", "/oauth/userinfo", shape=OAUTH),
    Case("POST", "/oauth/userinfo", {"access_token": "t"}, shape=OAUTH, form=True),
    Case("GET", "/oauth/logout", query=("id_token_hint", "post_logout_redirect_uri"), shape=PAGE),
    Case("GET", "/login", query=("next", "interaction"), shape=PAGE),
    Case("POST", "/login", {"email": "a@example.com", "password": "p"}, shape=PAGE, form=True),
    Case("POST", "/register", {"email": "a@x.y", "password": "p"}, shape=PAGE, form=True),
    Case("GET", "/device", query=("user_code",), shape=PAGE),
    Case("GET", "/verify-email", query=("token", "new"), shape=PAGE),
    Case("GET", "/reset-password", query=("token",), shape=PAGE),
    Case("GET", "/undo-email", query=("token",), shape=PAGE),
    Case("GET", "/account", shape=PAGE),
    Case("GET", "/account/{}", shape=PAGE, routed=False),
)


def product() -> tuple[Case, ...]:
    """Every route of a whole product with the seeded models, through the edge."""
    models = ("gpt-5", "claude-3.5-sonnet", "gemini-2.0-pro", "text-embedding-3-small")
    return (*inference(*models), *CONTROL, *IDENTITY)

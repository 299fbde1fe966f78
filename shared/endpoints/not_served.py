"""The vendors' endpoints that Headrace does not serve, why, and what to do instead.

Only what can be metered and belongs to one account is served: a vendor keeps files, batches and the
like for the deployment's key, where every account would find those of all others. Source of the
paths: the vendors' API references and their SDKs.
"""

import re
from dataclasses import dataclass

from shared.endpoints.served import Vendor

_KEPT = "The vendor keeps it for the deployment, not for your account."
_UNMETERED = "It cannot be metered by tokens."
_OURS = "It manages the deployment's own account at the vendor."
_CONNECTION = "It needs a connection that is not metered."
_DIRECT = "Call the vendor's API with a key of your own."
_INLINE = "Put the content into the request itself."
_LATER = "They run and bill later."
_ONE_BY_ONE = "Send the requests one by one."


@dataclass(frozen=True, slots=True)
class NotServed:
    """`pattern` is a regular expression; `paths` are what it stands for, as documentation."""

    paths: str
    pattern: str
    name: str
    why: str
    instead: str
    vendor: Vendor

    def message(self) -> str:
        return f"Headrace does not serve {self.name}. {self.instead}"


def _below(vendor: Vendor, path: str, name: str, why: str, instead: str) -> NotServed:
    """A path and everything below it."""
    return NotServed(f"{path}*", f"^{path}(/|:|$)", name, why, instead, vendor)


def _verb(verb: str, name: str, why: str, instead: str) -> NotServed:
    """A method of a model in Gemini's API."""
    paths = f"/v1beta/models/{{model}}:{verb}"
    return NotServed(paths, rf"^/v1(beta)?/models/[^:]+:{verb}$", name, why, instead, "google")


def _google(path: str, name: str, why: str, instead: str) -> NotServed:
    pattern = rf"^(/upload)?/v1(alpha|beta|beta1)?/{path}(/|:|$)"
    return NotServed(f"/v1beta/{path}*", pattern, name, why, instead, "google")


_CHAT = "Use `POST /v1/chat/completions` or `POST /v1/responses`."
_GENERATE = "Use `:generateContent` or `:streamGenerateContent`."

NOT_SERVED: tuple[NotServed, ...] = (
    _below("openai", "/v1/images", "image generation", _UNMETERED, _DIRECT),
    _below("openai", "/v1/videos", "video generation", _UNMETERED, _DIRECT),
    _below("openai", "/v1/audio/speech", "text to speech", _UNMETERED, _DIRECT),
    _below(
        "openai",
        "/v1/audio",
        "audio transcription and translation",
        _UNMETERED,
        "Send the audio to a chat model, as an `input_audio` part.",
    ),
    _below("openai", "/v1/realtime", "the Realtime API", _CONNECTION, _CHAT),
    _below("openai", "/v1/live", "the Live API", _CONNECTION, _CHAT),
    _below("openai", "/v1/batches", "batches", _LATER, _ONE_BY_ONE),
    _below("openai", "/v1/uploads", "uploads", _KEPT, _INLINE),
    NotServed("/v1/files*", r"^/v1/files(/|$)", "files", _KEPT, _INLINE, ""),
    _below("openai", "/v1/vector_stores", "vector stores", _KEPT, _INLINE),
    _below("openai", "/v1/containers", "containers", _KEPT, "Let a tool create its own."),
    _below(
        "openai",
        "/v1/conversations",
        "conversations",
        _KEPT,
        "Send the messages, or `previous_response_id` of a stored response.",
    ),
    _below(
        "openai",
        "/v1/responses/compact",
        "the compaction of responses",
        "It is not metered.",
        "Send fewer items, or set `truncation`.",
    ),
    _below("openai", "/v1/assistants", "assistants", _KEPT, _CHAT),
    _below("openai", "/v1/threads", "threads", _KEPT, _CHAT),
    _below("openai", "/v1/chatkit", "ChatKit", _KEPT, _CHAT),
    _below("openai", "/v1/decisions", "decisions", _UNMETERED, _DIRECT),
    _below("openai", "/v1/content_provenance_checks", "provenance checks", _UNMETERED, _DIRECT),
    _below("openai", "/v1/safety", "safety cases", _OURS, _DIRECT),
    _below("openai", "/v1/fine_tuning", "fine-tuning", _KEPT, _DIRECT),
    _below("openai", "/v1/evals", "evaluations", _KEPT, _DIRECT),
    _below("openai", "/v1/organization", "administration", _OURS, _DIRECT),
    _below("openai", "/v1/projects", "administration", _OURS, _DIRECT),
    _below("openai", "/v1/webhook_endpoints", "OpenAI's webhooks", _OURS, _DIRECT),
    _below("openai", "/v1/webhook_event_types", "OpenAI's webhooks", _OURS, _DIRECT),
    _below("openai", "/v1/edits", "edits", "OpenAI has withdrawn them.", _CHAT),
    _below("openai", "/v1/engines", "engines", "OpenAI has withdrawn them.", _CHAT),
    _below(
        "anthropic", "/v1/messages/batches", "batches", _LATER, _ONE_BY_ONE
    ),
    _below(
        "anthropic",
        "/v1/complete",
        "Anthropic's text completions",
        "It is a legacy API.",
        "Use `POST /v1/messages`.",
    ),
    _below("anthropic", "/v1/organizations", "administration", _OURS, _DIRECT),
    *(
        NotServed(f"/v1/{path}*", f"^/v1/{path}(/|$)", name, _KEPT, _DIRECT, "")
        for path, name in (
            ("skills", "skills"),
            ("agents", "agents"),
            ("sessions", "agents' sessions"),
            ("environments", "agents' environments"),
            ("deployments", "agents' deployments"),
            ("deployment_runs", "agents' deployments"),
            ("dreams", "dreams"),
            ("memory_stores", "memory stores"),
            ("tunnels", "tunnels"),
            ("user_profiles", "user profiles at the vendor"),
            ("vaults", "vaults"),
        )
    ),
    _verb("predict", "`predict`", _UNMETERED, _GENERATE),
    _verb("predictLongRunning", "video generation", _UNMETERED, _DIRECT),
    _verb("batchGenerateContent", "batches", _LATER, _ONE_BY_ONE),
    _verb("asyncBatchEmbedContent", "batches", _LATER, _ONE_BY_ONE),
    _verb("computeTokens", "`computeTokens`", "Only Vertex AI has it.", "Use `:countTokens`."),
    _verb("generateAnswer", "`generateAnswer`", "It needs a corpus.", _GENERATE),
    _verb("(generate|count|embed|batchEmbed)(Text|Message|MessageTokens|TextTokens)",
          "PaLM's methods", "Google has withdrawn them.", _GENERATE),
    _google("files", "files", _KEPT, _INLINE),
    _google("fileSearchStores", "file search stores", _KEPT, _INLINE),
    _google("corpora", "corpora", _KEPT, _INLINE),
    _google("cachedContents", "cached contents", _KEPT,
            "Send the content with each request; Google caches repeated prompts itself."),
    _google("batches", "batches", _LATER, _ONE_BY_ONE),
    _google("batchPredictionJobs", "batches", _LATER, _ONE_BY_ONE),
    _google("operations", "long-running operations", _KEPT, _DIRECT),
    _google("tunedModels", "tuned models", _KEPT, _DIRECT),
    _google("tuningJobs", "tuning", _KEPT, _DIRECT),
    _google("interactions", "interactions", _KEPT, _GENERATE),
    _google("auth_tokens", "tokens for the Live API", _CONNECTION, _GENERATE),
    _google("projects", "Vertex AI", "Its paths name a project of Google Cloud.",
            "Use Gemini's API: `/v1beta/models/{model}:generateContent`."),
)  # fmt: skip

_COMPILED = [(re.compile(each.pattern), each) for each in NOT_SERVED]


def find(path: str) -> NotServed | None:
    """What is at this path at the vendor, and not here."""
    return next((each for pattern, each in _COMPILED if pattern.search(path)), None)

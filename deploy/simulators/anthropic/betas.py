"""What a request may only use with a beta header, or with a newer model.

Source: https://docs.anthropic.com/en/docs/build-with-claude/context-editing for the header;
https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-8, "Mid-conversation
system messages", for models and places; https://github.com/vercel/ai/issues/12298 for
`output_format` beside `output_config.format`, which replaced it. Source of the words: those of a
field that is not known, and the error as docs.rs/gproxy-transform quotes it.
"""

import re

from deploy.simulators.anthropic.errors import invalid
from deploy.simulators.anthropic.requests import CountRequest

_CONTEXT_MANAGEMENT = re.compile(r"context-management-\d{4}-\d\d-\d\d")
_STRUCTURED = "structured-outputs-2025-11-13"
_INSTRUCTED = re.compile(r"claude-(opus-4-[89]|(opus|haiku|fable|mythos)-[5-9]|sonnet-(5-5|[6-9]))")


def check_betas(parsed: CountRequest, betas: str) -> None:
    """Raises `Refusal` as the vendor does. `betas` is the header `anthropic-beta`."""
    if parsed.context_management is not None and not _CONTEXT_MANAGEMENT.search(betas):
        raise invalid("context_management: Extra inputs are not permitted")
    if parsed.output_format is not None and _STRUCTURED not in betas:
        raise invalid("output_format: Extra inputs are not permitted")
    roles = [each.role for each in parsed.messages]
    if "system" not in roles:
        return
    if not _INSTRUCTED.match(parsed.model):
        raise invalid("role 'system' is not supported on this model")
    for number, role in enumerate(roles):
        if role == "system" and (number == 0 or roles[number - 1] != "user"):
            raise invalid(f"messages.{number}: a `system` message must follow a `user` message")

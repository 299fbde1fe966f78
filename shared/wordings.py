"""Refusals in the words of the vendor whose clients look for them.

Agents recover by the text of an error: Claude Code compacts a conversation when it reads that a
prompt is too long, and shows where to pay when a balance is too low. A refusal keeps its own code
and details in every vendor's words. Source of the words: errors as the vendors send them, such as
https://github.com/anthropics/claude-code/issues/5060 and
https://github.com/google-gemini/gemini-cli/issues/2001; for OpenAI's,
https://platform.openai.com/docs/guides/error-codes.
"""

from collections.abc import Mapping

Wordings = Mapping[str, str]
"""A message by vendor: `openai`, `anthropic`, `google`."""

INSUFFICIENT_CREDITS: Wordings = {
    "anthropic": "Your credit balance is too low for this request.",
}


def prompt_too_long(size: int, limit: int) -> dict[str, str]:
    """Both in tokens; `limit` is the most that a prompt may have."""
    return {
        "openai": f"This model's maximum context length is {limit} tokens. However, your messages "
        f"resulted in {size} tokens. Please reduce the length of the messages.",
        "anthropic": f"prompt is too long: {size} tokens > {limit} maximum",
        "google": f"The input token count ({size}) exceeds the maximum number of tokens allowed "
        f"({limit}).",
    }

"""OpenAI's counts as four integers.

Its prompt count includes cached tokens. Some providers of its dialect (xAI) leave reasoning out of
`completion_tokens` but not out of `total_tokens`, so the total counts. Source: OpenAI API
reference, https://platform.openai.com/docs/api-reference/chat/object.
"""

import msgspec

from shared.credits import Tokens


class _PromptDetails(msgspec.Struct):
    cached_tokens: int | None = None


class _OutputDetails(msgspec.Struct):
    reasoning_tokens: int | None = None


class Usage(msgspec.Struct):
    """The `usage` of chat completions."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    prompt_tokens_details: _PromptDetails | None = None
    completion_tokens_details: _OutputDetails | None = None

    def tokens(self) -> Tokens:
        cached = self.prompt_tokens_details.cached_tokens if self.prompt_tokens_details else 0
        details = self.completion_tokens_details
        return Tokens(
            input=max(0, self.prompt_tokens - (cached or 0)),
            cache_read=cached or 0,
            output=max(self.completion_tokens, self.total_tokens - self.prompt_tokens),
            reasoning=(details.reasoning_tokens or 0) if details else 0,
        )


class ResponseUsage(msgspec.Struct):
    """The `usage` of the Responses API."""

    input_tokens: int = 0
    output_tokens: int = 0
    input_tokens_details: _PromptDetails | None = None
    output_tokens_details: _OutputDetails | None = None

    def tokens(self) -> Tokens:
        cached = self.input_tokens_details.cached_tokens if self.input_tokens_details else 0
        details = self.output_tokens_details
        return Tokens(
            input=max(0, self.input_tokens - (cached or 0)),
            cache_read=cached or 0,
            output=self.output_tokens,
            reasoning=(details.reasoning_tokens or 0) if details else 0,
        )

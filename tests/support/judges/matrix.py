"""The support matrix: what each surface supports with each provider, proven by the judges.

A row is a feature, a column a provider: openai, anthropic, google.

    =        the provider has this dialect: the caller's fields pass through unchanged
    ✓        translated
    400:x    the provider has no counterpart: refused, naming the caller's field x
    404:x    the field x names something at the provider that is not this account's
    ~:x      a hint that the provider or its model cannot follow: answered, and the caller's field x
             named in `X-Headrace-Ignored`

A feature is missing where the surface has no field for it. Every cell is a case of the test that
`proof_of` names; docs/support.md is generated from these tables.
"""

from dataclasses import dataclass

import pytest

PROVIDERS = ("openai", "anthropic", "google")
TABLES = {
    "chat": """
        plain                  =  ✓  ✓
        stream                 =  ✓  ✓
        cached-tokens          =  ✓  ✓
        length                 =  ✓  ✓
        refusal                =  ✓  ✓
        tools                  =  ✓  ✓
        parallel-tools         =  ✓  ✓
        image                  =  ✓  ✓
        image-by-url           =  ✓  ✓
        document               =  ✓  ✓
        schema                 =  ✓  ✓
        thinking               =  ✓  ✓
        thinking-back          =  ✓  ✓
        error-400              =  ✓  ✓
        error-429              =  ✓  ✓
        error-context          =  ✓  ✓
        error-mid-stream       =  ✓  ✓
        cut-mid-stream         =  ✓  ✓
        disconnect             =  ✓  ✓
        system                 =  ✓  ✓
        developer              =  ✓  ✓
        max_tokens             =  ✓  ✓
        max_completion_tokens  =  ✓  ✓
        temperature            =  ✓  ✓
        hot-temperature        =  400:temperature  ✓
        top_p                  =  ✓  ✓
        top_k                  400:top_k  ✓  ✓
        stop                   =  ✓  ✓
        stop-text              =  ✓  ✓
        seed                   =  ~:seed  ✓
        presence_penalty       =  ~:presence_penalty  ✓
        frequency_penalty      =  ~:frequency_penalty  ✓
        n                      =  400:n  ✓
        logprobs               =  400:logprobs  400:logprobs
        top_logprobs           =  400:logprobs  400:logprobs
        logit_bias             =  400:logit_bias  400:logit_bias
        user                   =  ✓  ~:user
        json-mode              =  ✓  ✓
        tool-auto              =  ✓  ✓
        tool-none              =  ✓  ✓
        tool-required          =  ✓  ✓
        tool-named             =  ✓  ✓
        one-tool-at-a-time     =  ✓  ✓
        effort                 =  ✓  ✓
        no-effort              =  ✓  ~:reasoning_effort
        modalities             =  ✓  ✓
        audio-out              =  400:modalities  400:modalities
        verbosity              =  ~:verbosity  ~:verbosity
        web-search             =  400:web_search_options  400:web_search_options
        service_tier           =  ~:service_tier  ~:service_tier
        metadata               =  ~:metadata  ~:metadata
        file-by-id             404:messages  400:messages  400:messages
        sound                  =  400:messages  ✓
    """,
    "completions": """
        plain                  ✓  ✓  ✓
        stream                 ✓  ✓  ✓
        cached-tokens          ✓  ✓  ✓
        length                 ✓  ✓  ✓
        error-400              ✓  ✓  ✓
        error-429              ✓  ✓  ✓
        error-context          ✓  ✓  ✓
        error-mid-stream       ✓  ✓  ✓
        cut-mid-stream         ✓  ✓  ✓
        disconnect             ✓  ✓  ✓
        max_tokens             ✓  ✓  ✓
        temperature            ~:temperature  ✓  ✓
        hot-temperature        ~:temperature  400:temperature  ✓
        top_p                  ~:top_p  ✓  ✓
        stop                   ✓  ✓  ✓
        stop-text              ✓  ✓  ✓
        seed                   ✓  ~:seed  ✓
        presence_penalty       ~:presence_penalty  ~:presence_penalty  ✓
        frequency_penalty      ~:frequency_penalty  ~:frequency_penalty  ✓
        n                      ✓  400:n  ✓
        best_of                400:best_of  400:best_of  400:best_of
        logprobs               400:logprobs  400:logprobs  400:logprobs
        logit_bias             400:logit_bias  400:logit_bias  400:logit_bias
        suffix                 400:suffix  400:suffix  400:suffix
        user                   ✓  ✓  ~:user
        several-prompts        400:prompt  400:prompt  400:prompt
    """,
    "responses": """
        plain                  =  ✓  ✓
        stream                 =  ✓  ✓
        cached-tokens          =  ✓  ✓
        length                 =  ✓  ✓
        refusal                =  ✓  ✓
        tools                  =  ✓  ✓
        parallel-tools         =  ✓  ✓
        image                  =  ✓  ✓
        image-by-url           =  ✓  ✓
        document               =  ✓  ✓
        schema                 =  ✓  ✓
        thinking               =  ✓  ✓
        thinking-back          =  ✓  ✓
        error-400              =  ✓  ✓
        error-429              =  ✓  ✓
        error-context          =  ✓  ✓
        error-mid-stream       =  ✓  ✓
        cut-mid-stream         =  ✓  ✓
        disconnect             =  ✓  ✓
        system                 =  ✓  ✓
        developer              =  ✓  ✓
        max_tokens             =  ✓  ✓
        temperature            =  ✓  ✓
        hot-temperature        =  400:temperature  ✓
        top_p                  =  ✓  ✓
        top_logprobs           =  400:top_logprobs  400:top_logprobs
        user                   =  ✓  ~:user
        json-mode              =  ✓  ✓
        tool-auto              =  ✓  ✓
        tool-none              =  ✓  ✓
        tool-required          =  ✓  ✓
        tool-named             =  ✓  ✓
        one-tool-at-a-time     =  ✓  ✓
        effort                 =  ✓  ✓
        verbosity              =  ~:text.verbosity  ~:text.verbosity
        web-search             =  ~:tools[0]  ~:tools[0]
        stored-conversation    404:conversation  400:conversation  400:conversation
        stored-prompt          404:prompt  400:prompt  400:prompt
        truncation             =  ~:truncation  ~:truncation
        file-by-id             404:input  400:input  400:input
        service_tier           =  ~:service_tier  ~:service_tier
        metadata               =  ~:metadata  ~:metadata
        background             400:background  400:background  400:background
    """,
    "messages": """
        plain                  ✓  =  ✓
        stream                 ✓  =  ✓
        cached-tokens          ✓  =  ✓
        length                 ✓  =  ✓
        refusal                ✓  =  ✓
        tools                  ✓  =  ✓
        parallel-tools         ✓  =  ✓
        image                  ✓  =  ✓
        image-by-url           ✓  =  ✓
        document               ✓  =  ✓
        schema                 ✓  =  ✓
        thinking               ✓  =  ✓
        thinking-back          ✓  =  ✓
        error-400              ✓  =  ✓
        error-429              ✓  =  ✓
        error-context          ✓  =  ✓
        error-mid-stream       ✓  =  ✓
        cut-mid-stream         ✓  =  ✓
        disconnect             ✓  =  ✓
        counting               ✓  =  ✓
        system                 ✓  =  ✓
        max_tokens             ✓  =  ✓
        temperature            ~:temperature  =  ✓
        top_p                  ~:top_p  =  ✓
        top_k                  ~:top_k  =  ✓
        stop                   ✓  =  ✓
        user                   ✓  =  ~:metadata.user_id
        tool-auto              ✓  =  ✓
        tool-none              ✓  =  ✓
        tool-required          ✓  =  ✓
        tool-named             ✓  =  ✓
        one-tool-at-a-time     ✓  =  ✓
        no-effort              ✓  =  ~:thinking
        effort                 ✓  =  ✓
        cache_control          ✓  =  ✓
        web-search             400:tools  =  400:tools
        failed-tool            ✓  =  ✓
        citations              400:messages  =  400:messages
        file-by-id             400:messages  404:messages  400:messages
        service_tier           ~:service_tier  =  ~:service_tier
    """,
    "generate": """
        plain                  ✓  ✓  =
        stream                 ✓  ✓  =
        stream-array           ✓  ✓  =
        cached-tokens          ✓  ✓  =
        length                 ✓  ✓  =
        refusal                ✓  ✓  =
        tools                  ✓  ✓  =
        parallel-tools         ✓  ✓  =
        image                  ✓  ✓  =
        image-by-url           ✓  ✓  =
        document               ✓  ✓  =
        schema                 ✓  ✓  =
        google-schema          ✓  ✓  =
        thinking               ✓  ✓  =
        thinking-back          ✓  ✓  =
        error-400              ✓  ✓  =
        error-429              ✓  ✓  =
        error-context          ✓  ✓  =
        error-mid-stream       ✓  ✓  =
        cut-mid-stream         ✓  ✓  =
        disconnect             ✓  ✓  =
        counting               ✓  ✓  =
        system                 ✓  ✓  =
        max_tokens             ✓  ✓  =
        temperature            ~:generationConfig.temperature  ✓  =
        hot-temperature        ~:generationConfig.temperature  400:generationConfig.temperature  =
        top_p                  ~:generationConfig.topP  ✓  =
        top_k                  ~:generationConfig.topK  ✓  =
        stop                   ✓  ✓  =
        seed                   ✓  ~:generationConfig.seed  =
        presence_penalty       ~:generationConfig.presencePenalty  ~:generationConfig.presencePenalty  =
        frequency_penalty      ~:generationConfig.frequencyPenalty  ~:generationConfig.frequencyPenalty  =
        n                      ✓  400:generationConfig.candidateCount  =
        logprobs               400:generationConfig.responseLogprobs  400:generationConfig.responseLogprobs  =
        json-mode              ✓  ✓  =
        tool-auto              ✓  ✓  =
        tool-none              ✓  ✓  =
        tool-required          ✓  ✓  =
        tool-named             ✓  ✓  =
        effort                 ✓  ✓  =
        no-effort              ✓  ✓  =
        modalities             ✓  ✓  =
        web-search             400:tools[0].googleSearch  400:tools[0].googleSearch  =
        cached-content         400:cachedContent  400:cachedContent  404:cachedContent
        file-by-id             400:contents  400:contents  404:contents
        sound                  ✓  400:contents  =
        safety                 ~:safetySettings  ~:safetySettings  =
    """,  # noqa: E501 - a row is a line
    "embeddings": """
        plain                  =  -  ✓
        batch                  =  -  ✓
        error-400              =  -  ✓
        error-429              =  -  ✓
        dimensions             =  -  ✓
        floats                 =  -  ✓
        base64                 =  -  ✓
        user-hint              =  -  ~:user
        tokens                 =  -  400:input
        too-many               =  -  400:input
    """,
    "embed": """
        plain                  ✓  -  =
        batch                  ✓  -  =
        error-400              ✓  -  =
        error-429              ✓  -  =
        dimensions             ✓  -  =
        task                   ~:requests[].taskType  -  =
        title                  400:requests[0].title  -  =
    """,
}
BEHAVIOURS = {
    "plain": "test_answers.py::test_a_buffered_answer_arrives_complete",
    "stream": "test_answers.py::test_a_streamed_answer_arrives_complete",
    "stream-array": "test_array.py::test_a_stream_may_be_one_array",
    "cached-tokens": "test_answers.py::test_cached_tokens_are_reported_and_priced",
    "length": "test_answers.py::test_a_truncated_answer_says_so",
    "refusal": "test_answers.py::test_a_refusal_is_reported_as_one",
    "counting": "test_answers.py::test_counting_tokens_is_free",
    "tools": "test_tools.py::test_a_tool_is_called_and_answered",
    "parallel-tools": "test_tools.py::test_parallel_calls_are_answered_each_by_its_id",
    "image": "test_images.py::test_media_reach_the_provider",
    "image-by-url": "test_images.py::test_media_reach_the_provider",
    "document": "test_images.py::test_media_reach_the_provider",
    "schema": "test_schemas.py::test_an_answer_fits_its_schema",
    "google-schema": "test_schemas.py::test_googles_own_schema_is_understood",
    "thinking": "test_thinking.py::test_thoughts_arrive_where_their_vendor_shows_them",
    "thinking-back": "test_thinking.py::test_signed_thoughts_go_back_unchanged",
    "error-400": "test_errors.py::test_a_refusal_is_the_sdks_own_exception",
    "error-429": "test_errors.py::test_a_refusal_is_the_sdks_own_exception",
    "error-context": "test_errors.py::test_a_refusal_is_the_sdks_own_exception",
    "error-mid-stream": "test_errors.py::test_a_stream_that_breaks_raises",
    "cut-mid-stream": "test_errors.py::test_a_stream_that_breaks_raises",
    "disconnect": "test_disconnects.py::test_a_disconnect_reaches_the_provider",
}
PARAMETER = "test_parameters.py::test_a_parameter_arrives_or_is_named"
EMBEDDING = "test_embeddings.py::test_embeddings"


@dataclass(frozen=True)
class Cell:
    """`refused` names the field where the answer is a 400 or a 404, `ignored` the one left out."""

    surface: str
    feature: str
    provider: str
    mark: str

    @property
    def refused(self) -> str:
        return "" if self.ignored else self.mark.partition(":")[2]

    @property
    def ignored(self) -> str:
        return self.mark.removeprefix("~:") if self.mark.startswith("~:") else ""

    @property
    def code(self) -> str:
        """The error's, where the cell is refused."""
        return "not_found" if self.mark.startswith("404:") else "invalid_request"

    @property
    def same_dialect(self) -> bool:
        return self.mark == "="

    @property
    def id(self) -> str:
        return f"{self.surface}-{self.feature}-{self.provider}"


def rows(surface: str) -> list[list[Cell]]:
    """The cells of each feature, in the order of the providers; `-` gives none."""
    lines = [line.split() for line in TABLES[surface].strip().splitlines()]
    return [
        [
            Cell(surface, feature, provider, mark)
            for provider, mark in zip(PROVIDERS, marks, strict=True)
            if mark != "-"
        ]
        for feature, *marks in lines
    ]


def proof_of(cell: Cell) -> str:
    """The test whose case `[cell.id]` proves the cell."""
    if cell.surface in ("embeddings", "embed"):
        return EMBEDDING
    return BEHAVIOURS.get(cell.feature, PARAMETER)


def every_cell() -> list[Cell]:
    return [cell for surface in TABLES for row in rows(surface) for cell in row]


def cells(*features: str) -> pytest.MarkDecorator:
    """Parametrizes a test by `cell`: all cells of these features; without any, all parameters."""
    proofs = {BEHAVIOURS[feature] for feature in features} or {PARAMETER}
    return _parametrized([each for each in every_cell() if proof_of(each) in proofs])


def embedding_cells() -> pytest.MarkDecorator:
    return _parametrized([each for each in every_cell() if proof_of(each) == EMBEDDING])


def _parametrized(cases: list[Cell]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("cell", [pytest.param(each, id=each.id) for each in cases])

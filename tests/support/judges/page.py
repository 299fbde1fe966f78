"""Generates docs/support.md from the matrix: it contains only what a judge proves."""

from tests.support.judges.matrix import PROVIDERS, TABLES, Cell, proof_of, rows

FOLDER = "tests/integration/judges"
_HEAD = """\
# What works where

Generated from `tests/support/judges/matrix.py`; regenerate it with
`HEADRACE_WRITE_SUPPORT=1 make test ARGS=tests/tidy/test_support.py`.

Each cell is the case `[surface-feature-provider]` of the test that its row names: the vendor's own
SDK calls, through Headrace, a simulated provider that refuses what its vendor would refuse.

- `=` the provider has this dialect: the caller's fields pass through unchanged.
- `✓` translated, both ways.
- `400 x` the provider has no counterpart: refused at no cost, naming the caller's field `x`.
- `~ x` a hint that the provider or its model cannot follow: answered, and the response names the
  caller's field `x` in `X-Headrace-Ignored`.
- `404 x` the field `x` names something at the provider that is not this account's.
- `–` the provider has no such models here.

A feature that a surface has no field for has no row in its table. The tests are in
`tests/integration/judges/`. In addition, the JavaScript SDKs (`test_javascript.py`) and
`google-generativeai` over REST (`test_old_google.py`) check answers, tools, schemas, images,
thinking, refusals, broken streams and disconnects.
"""
_TITLES = {
    "chat": "`/v1/chat/completions`",
    "completions": "`/v1/completions`",
    "responses": "`/v1/responses`",
    "messages": "`/v1/messages`, `/v1/messages/count_tokens`",
    "generate": "`/v1beta/models/{model}:generateContent`, `streamGenerateContent`, `countTokens`",
    "embeddings": "`/v1/embeddings`",
    "embed": "`/v1beta/models/{model}:embedContent`, `batchEmbedContents`",
}


def written() -> str:
    """The whole page."""
    return _HEAD + "".join(_section(surface) for surface in TABLES)


def _section(surface: str) -> str:
    lines = [
        f"\n## {surface}: {_TITLES[surface]}\n",
        f"| feature | {' | '.join(PROVIDERS)} | test |",
        "| --- | --- | --- | --- | --- |",
        *(_line(row) for row in rows(surface)),
    ]
    return "\n".join(lines) + "\n"


def _line(row: list[Cell]) -> str:
    marks = {cell.provider: _mark(cell) for cell in row}
    columns = " | ".join(marks.get(provider, "–") for provider in PROVIDERS)
    file, name = proof_of(row[0]).split("::")
    return f"| {row[0].feature} | {columns} | [`{name}`](../{FOLDER}/{file}) |"


def _mark(cell: Cell) -> str:
    mark, _, field = cell.mark.partition(":")
    return f"{mark} `{field}`" if field else mark

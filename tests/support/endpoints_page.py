"""Generates docs/endpoints.md from the table that both planes answer by."""

from shared.endpoints.not_served import NOT_SERVED, NotServed
from shared.endpoints.served import CONTROL, INFERENCE, Endpoint

_HEAD = """\
# Endpoints

Generated from `shared/endpoints/`; regenerate it with `HEADRACE_WRITE_ENDPOINTS=1 make test
ARGS=tests/tidy/test_endpoints.py`. Sign-in and its pages are in [identity.md](identity.md).

Any other path is a 404 that names what was probably meant; a wrong method is a 405 with `Allow`.
Both have the shape of the caller's vendor: by the path, or by the header `anthropic-version` or
`x-goog-api-key`.

Only what can be metered, or is free at the vendor, and belongs to one account is served. A vendor
keeps files, batches and the like for the deployment's key, where every account would find those
of all others. Stored responses and chat completions are served to the account that made them,
with the key that made them ([decision 20](decisions/020-provider-ids.md)).
"""


def written() -> str:
    """The whole page."""
    return "\n".join(
        [
            _HEAD,
            *_served("Inference", INFERENCE),
            "",
            *_served("Everything else", CONTROL),
            "",
            *_not_served(),
            "",
        ]
    )


def _served(title: str, rows: tuple[Endpoint, ...]) -> list[str]:
    return [
        f"## {title}",
        "",
        "| method | path | served |",
        "| --- | --- | --- |",
        *(f"| {', '.join(each.methods)} | `{each.path}` | {each.does} |" for each in rows),
    ]


def _not_served() -> list[str]:
    return [
        "## Not served",
        "",
        "`*` stands for the path and everything below it.",
        "",
        "| path | what | why | instead |",
        "| --- | --- | --- | --- |",
        *map(_row, NOT_SERVED),
    ]


def _row(each: NotServed) -> str:
    paths = each.paths.replace("|", "\\|")
    return f"| `{paths}` | {each.name} | {each.why} | {each.instead} |"

"""What a message refers to at Anthropic: files, containers, a workspace's own skills.

Source: Anthropic API guide, https://docs.anthropic.com/en/docs/build-with-claude/files and
https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/code-execution-tool.
"""

from inference_plane.core.reference import Reference
from inference_plane.surfaces import references
from inference_plane.surfaces.references import Node

_OWN_JSON = references.OWN_JSON | {"input"}
"""`input` is that of a tool call."""


def find(body: Node) -> list[Reference]:
    return references.find(body, references.by_name, _OWN_JSON)

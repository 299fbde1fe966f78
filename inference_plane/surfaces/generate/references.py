"""What a request refers to at Google: cached contents, uploaded files, file search stores.

A file's URI is an address on the web, or the name of one of Google's own files. Source: Gemini API
reference, https://ai.google.dev/api/caching and https://ai.google.dev/api/file-search.
"""

from typing import Any

from inference_plane.core import web_address
from inference_plane.core.reference import Reference
from inference_plane.surfaces import references
from inference_plane.surfaces.generate.casing import CALLERS_OWN, camel_case
from inference_plane.surfaces.references import Named, Node

_STORES = frozenset({"cachedContent", "fileSearchStoreNames", "ragCorpus", "datastore", "engine"})
_OWN_JSON = CALLERS_OWN | {name for name in references.OWN_JSON if name != "metadata"}


def find(body: Node) -> list[Reference]:
    return references.find(body, _named, _OWN_JSON)


def _named(node: Node) -> Named:
    for name, value in node.items():
        known = camel_case(name)
        if known in _STORES or (known == "fileUri" and not _is_elsewhere(value)):
            yield name, value


def _is_elsewhere(uri: Any) -> bool:
    return isinstance(uri, str) and web_address.is_public(uri)

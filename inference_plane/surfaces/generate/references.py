"""What a request refers to at Google: cached contents, uploaded files, file search stores.

A file's URI is a web address or one of Google's own files. Only an address that is plainly somebody
else's is not a reference. Source: Gemini API reference, https://ai.google.dev/api/caching,
"FileData", and https://ai.google.dev/api/files.
"""

import re
from typing import Any

from inference_plane.core.reference import Reference
from inference_plane.surfaces import references
from inference_plane.surfaces.generate.casing import CALLERS_OWN, camel_case
from inference_plane.surfaces.references import Named, Node

_STORES = frozenset({"cachedContent", "fileSearchStoreNames", "ragCorpus", "datastore", "engine"})
_WEB = re.compile(r"https?://([a-z0-9.-]+)(?::\d+)?(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)
_PUBLIC = "storage.googleapis.com"
_OWN_JSON = CALLERS_OWN | {name for name in references.OWN_JSON if name != "metadata"}


def find(body: Node) -> list[Reference]:
    return references.find(body, _named, _OWN_JSON)


def _named(node: Node) -> Named:
    for name, value in node.items():
        known = camel_case(name)
        if known in _STORES or (known == "fileUri" and not _is_elsewhere(value)):
            yield name, value


def _is_elsewhere(uri: Any) -> bool:
    found = _WEB.fullmatch(uri) if isinstance(uri, str) else None
    host = found[1].lower().rstrip(".") if found else ""
    return bool(host) and (host == _PUBLIC or not f".{host}".endswith(".googleapis.com"))

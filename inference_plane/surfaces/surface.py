"""What a surface declares: its paths, how it reads requests, and how it writes answers.

Each package below `surfaces/` has a module `surface` with its SURFACE; `table.py` collects them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inference_plane.core.options import Option
from inference_plane.core.reference import Reference
from inference_plane.core.request import Address, Request
from inference_plane.core.writer import Envelope, Writer
from inference_plane.preferences.fields import NO_FIELDS, PreferenceFields
from inference_plane.surfaces import addresses, references
from inference_plane.surfaces.stored import Stored
from shared.error_formats import Format


def _no_options(_: Mapping[str, Any]) -> list[Option]:
    return []


@dataclass(frozen=True, slots=True)
class Surface:
    """One API that clients use.

    `column` is its column in the pipeline's STEPS. `paths` are templates, see
    `shared/endpoints/templates.py`. `address` reads path, query and headers, `references` finds the
    ids of things that a vendor keeps in a body's fields, `options` what it bills apart.

    `stream_error` shapes the error that ends a stream which has begun, `token_count` the answer to
    a request that only counts; `stored` describes one about something that the vendor keeps.
    `field_names` maps a field of the canonical format to the name that this surface's callers know
    it by. `model_field` is the answer's field that names the model.
    """

    name: str
    column: str
    paths: tuple[str, ...]
    decode: Callable[[bytes, Address], Request]
    writer: Callable[[Request, Envelope, bool], Writer]
    envelope: Callable[[Request], Envelope]
    stream_error: Format
    methods: tuple[str, ...] = ("POST",)
    references: Callable[[Mapping[str, Any]], list[Reference]] = references.none
    options: Callable[[Mapping[str, Any]], list[Option]] = _no_options
    address: addresses.ReadAddress = addresses.from_headers
    token_count: Callable[[int], bytes] | None = None
    stored: Stored | None = None
    field_names: Mapping[str, str] = field(default_factory=dict)
    model_field: str = "model"
    preference_fields: PreferenceFields = NO_FIELDS

    def field_name(self, canonical: str) -> str:
        """A field of the canonical format as this surface's callers know it."""
        return self.field_names.get(canonical, canonical)

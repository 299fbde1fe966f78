"""An id in a request of something that its vendor keeps: a stored response, a file, a container."""

from typing import NamedTuple


class Reference(NamedTuple):
    """`field` is where the caller wrote it, such as `input[0].content[1].file_id`."""

    id: str
    field: str

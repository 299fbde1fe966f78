"""Embeddings from a provider of OpenAI's dialect: its answer, with the cost.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/embeddings.
"""

import msgspec

from inference_plane.core import vendor_json
from inference_plane.core.buffering import BufferedDocument
from inference_plane.core.writer import Bill

_write = msgspec.json.Encoder().encode


class Buffered(BufferedDocument):
    """The vectors are not parsed: their bytes pass through."""

    def tail(self, bill: Bill) -> bytes:
        answer = self._fields()
        used = {"prompt_tokens": bill.used.prompt, "total_tokens": bill.used.total}
        own = vendor_json.read_object(bytes(answer.get("usage", b"")))
        answer["usage"] = bill.counts(own, used) | {"credits_used": bill.deducted}
        answer["credits"] = bill.credits()
        return _write(answer)

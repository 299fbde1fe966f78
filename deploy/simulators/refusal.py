"""A rejected request: status, body and headers as the vendor would send them."""

from typing import Any


class Refusal(Exception):
    """Carries the vendor's own error body."""

    def __init__(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(body)
        self.status = status
        self.body = body
        self.headers = headers or {}

"""Cookies no other site, page or script can touch. Over https they are named `__Host-…` and Secure;
over the plain http of a development origin neither, so that every client can follow.
"""

from aiohttp import web


class Cookies:
    """Sets and reads cookies of one origin."""

    def __init__(self, origin: str) -> None:
        self._secure = origin.startswith("https://")

    def find(self, request: web.Request, name: str) -> str:
        """Its value, or an empty text."""
        return request.cookies.get(self._name(name), "")

    def put(self, response: web.StreamResponse, name: str, value: str, age_s: int) -> None:
        """Sent back to this host only, and not with the forms of other sites."""
        response.set_cookie(
            self._name(name),
            value,
            max_age=age_s,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )

    def remove(self, response: web.StreamResponse, name: str) -> None:
        """The browser forgets it."""
        self.put(response, name, "", 0)

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self._secure else name

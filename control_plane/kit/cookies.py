"""HttpOnly, SameSite=Lax cookies. Over https they are Secure and have the `__Host-` prefix
(RFC 6265bis); over http, in development, they have neither.
"""

from aiohttp import web


class Cookies:
    """Sets and reads cookies of one origin."""

    def __init__(self, origin: str) -> None:
        self._secure = origin.startswith("https://")

    def find(self, request: web.Request, name: str) -> str:
        """The value, or an empty string."""
        return request.cookies.get(self._name(name), "")

    def put(self, response: web.StreamResponse, name: str, value: str, age_s: int) -> None:
        """Set a cookie that is valid for `age_s` seconds."""
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
        """Delete the cookie in the browser."""
        self.put(response, name, "", 0)

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self._secure else name

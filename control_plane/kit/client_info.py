"""Where a request comes from: IP address and user agent, as sessions and activity record them."""

import ipaddress
from dataclasses import dataclass

from aiohttp import web

_AGENT_MAX = 300


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """IP address and user agent of a request; empty where unknown."""

    ip: str = ""
    user_agent: str = ""


def client_info_of(request: web.Request) -> ClientInfo:
    """The client of this request, cut to the lengths that are stored."""
    return ClientInfo(client_ip(request)[:64], request.headers.get("User-Agent", "")[:_AGENT_MAX])


def client_ip(request: web.Request) -> str:
    """The client's IP address.

    The edge overwrites X-Forwarded-For with the address it saw. The header is trusted only from a
    peer on loopback or in a private network.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    peer = request.remote or ""
    return forwarded if forwarded and _is_private(peer) else peer


def _is_private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False

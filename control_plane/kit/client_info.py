"""Where a request comes from: IP address and user agent, as sessions and activity record them."""

import ipaddress
from dataclasses import dataclass

from aiohttp import web

_AGENT_MAX = 300


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """Where a request came from, for the list of devices."""

    ip: str = ""
    user_agent: str = ""


def client_info_of(request: web.Request) -> ClientInfo:
    """For the list of devices."""
    return ClientInfo(client_ip(request)[:64], request.headers.get("User-Agent", "")[:_AGENT_MAX])


def client_ip(request: web.Request) -> str:
    """Where a request comes from. The edge overwrites X-Forwarded-For with what it saw itself; the
    header is believed only from a neighbour: on loopback or in a private network.
    """
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    peer = request.remote or ""
    return told if told and _is_neighbour(peer) else peer


def _is_neighbour(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False

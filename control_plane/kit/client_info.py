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
    """The client's IP address; empty where unknown.

    The edge overwrites X-Forwarded-For with the address it saw. The header is trusted only from a
    peer on loopback or in a private network.
    """
    forwarded = _parse(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip())
    peer = _parse(request.remote or "")
    client = forwarded if forwarded and peer and peer.is_private else peer
    return str(client or "")


def client_network(request: web.Request) -> str:
    """What limits count a client by; see `network_of`."""
    return network_of(client_ip(request))


def network_of(ip: str) -> str:
    """The IPv4 address, or the /64 of an IPv6 address, since a subscriber has all of a /64
    (RFC 6177, RFC 4291 section 2.5.4). IPv4-mapped addresses count as IPv4. Pure.
    """
    address = _parse(ip)
    if not isinstance(address, ipaddress.IPv6Address):
        return str(address or "")
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """IPv4-mapped IPv6 as IPv4, and without a zone. None for anything else."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address

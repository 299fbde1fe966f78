"""Finds free TCP ports on loopback, and checks whether one is in use.

The system picks a free port, which is released again, so another program could take it in between.
Linux assigns such ports in random order, which makes that rare, and a service that cannot bind
fails visibly.
"""

import socket

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A TCP port of loopback that nothing listens on."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Distinct free ports: each is held until all are known."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def is_busy(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could not bind this port now. TIME_WAIT connections do not count."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def accepts(port: int, host: str = LOOPBACK) -> bool:
    """Whether a connection to it succeeds."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def has_ipv6_loopback() -> bool:
    """Whether this machine has an IPv6 loopback address."""
    return socket.has_ipv6 and not is_busy(0, "::1")

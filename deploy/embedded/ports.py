"""TCP ports on loopback: which one is free, whether one is taken.

The system picks a free port and we let go of it again, so another program could take it in between.
Linux hands out such ports in random order, which makes that rare; a child that cannot bind dies and
is seen.
"""

import socket

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A TCP port of loopback that nothing listens on."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Different free ports: all are held until the last is known."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def is_busy(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could not bind this port now. Connections in TIME_WAIT do not count."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def accepts(port: int, host: str = LOOPBACK) -> bool:
    """Whether something answers a connection there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def has_ipv6_loopback() -> bool:
    """Whether `localhost` may also mean ::1 here."""
    return socket.has_ipv6 and not is_busy(0, "::1")

"""Stopping leaves nothing, the next start finds everything, an impossible one is refused."""

import os
import signal
import socket

from tests.acceptance.product import STOP_S, Product, wait_until


def test_the_next_start_finds_its_data(product: Product) -> None:
    token = product.token()
    _, before = product.get("/v1/credits/me", token)
    assert product.stop(signal.SIGINT) == 0
    assert product.remains() == []
    product.start()
    # The old token is still good: the signing keys are in the database, under a kept secret.
    status, after = product.get("/v1/credits/me", token)
    assert (status, after["remaining_credits"]) == (200, before["remaining_credits"])


def test_down_ends_what_a_killed_supervisor_left(product: Product) -> None:
    assert product.process is not None
    os.kill(product.process.pid, signal.SIGKILL)
    product.process.wait(STOP_S)
    assert product.command("status").returncode == 1
    assert product.command("down").returncode == 0
    assert product.remains() == []


def test_down_stops_a_running_instance(product: Product) -> None:
    product.start()
    assert product.command("down").returncode == 0
    assert product.process is not None
    assert product.process.wait(STOP_S) == 0
    assert product.remains() == []
    assert product.command("down").stdout == "nothing is running\n"


def test_a_busy_port_is_refused_before_anything_starts(stopped: Product) -> None:
    with socket.create_server(("127.0.0.1", stopped.port)):
        refused = stopped.command("up")
    assert refused.returncode == 1
    assert f"port {stopped.port} is in use" in refused.stderr
    assert "HEADRACE_HTTP_PORT" in refused.stderr
    assert not (stopped.folder / "state" / "postgres").exists()


def test_without_an_instance_commands_explain_what_to_do(stopped: Product) -> None:
    refused = stopped.command("token", "demo@example.com")
    assert refused.returncode == 1
    assert "make up" in refused.stderr
    assert stopped.command("status").returncode == 1
    assert stopped.command("doctor").returncode == 0
    wait_until(lambda: stopped.remains() == [], STOP_S, str)

"""A newcomer's first minutes: everything is up, a stream is charged, the commands answer."""

import json
import stat

import psutil

from tests.acceptance.product import Product

REFUSAL = {"code", "message", "type", "param", "details", "request_id"}


def test_a_stream_is_metered(product: Product) -> None:
    token = product.token()
    _, before = product.get("/v1/credits/me", token)
    status, text = product.complete(token)
    assert status == 200
    assert text.rstrip().endswith("data: [DONE]")
    assert '"credits_used"' in text
    _, after = product.get("/v1/credits/me", token)
    assert after["remaining_credits"] < before["remaining_credits"]


def test_processes_have_telling_names(product: Product) -> None:
    for name in ("web", "workers"):
        assert psutil.Process(product.pid(name)).cmdline()[1:] == ["-m", "control_plane", name]


def test_the_edge_refuses_internal_paths_in_the_standard_shape(product: Product) -> None:
    for path in (
        "/metrics",
        "/%6Detrics",
        "/internal/accounts/x/load",
        "//internal/x",
        "/-/routes",
    ):
        status, body = product.get(path)
        assert (status, body["error"]["code"]) == (404, "not_found")
        assert body["error"].keys() == REFUSAL
    status, body = product.get("/nowhere")
    assert (status, body["error"]["code"]) == (404, "not_found")


def test_nothing_listens_beyond_loopback(product: Product) -> None:
    state = product.environment["HEADRACE_STATE"]
    open_to_all = []
    for connection in psutil.net_connections("inet"):
        if connection.status != psutil.CONN_LISTEN or connection.pid is None:
            continue
        try:
            ours = psutil.Process(connection.pid).environ().get("HEADRACE_STATE") == state
        except psutil.Error:
            continue
        address = connection.laddr[0] if connection.laddr else ""
        if ours and address not in {"127.0.0.1", "::1", "::ffff:127.0.0.1"}:
            open_to_all.append((psutil.Process(connection.pid).name(), connection.laddr))
    assert open_to_all == []


def test_only_the_owner_reads_secrets(product: Product) -> None:
    for name in ("secrets.json", "instance.json"):
        file = product.folder / "state" / name
        assert file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) == 0


def test_commands_report_by_exit_code(product: Product) -> None:
    assert product.command("status").returncode == 0
    assert product.command("doctor").returncode == 0
    assert product.command("migrate").stdout == "already up to date\n"
    audit = product.command("audit")
    assert audit.returncode == 0
    assert audit.stdout.splitlines()[-1].startswith("clean: ")
    assert json.loads(product.command("audit", "--json").stdout)["drift"] == []


def test_a_created_user_has_exactly_the_given_credits(product: Product) -> None:
    made = product.command("user", "create", "hand@example.com", "--tier", "pro", "--credits", "7")
    assert made.returncode == 0, made.stderr
    assert product.command("grant", "hand@example.com", "5").returncode == 0
    _, credits_ = product.get("/v1/credits/me", product.token("hand@example.com"))
    assert credits_["remaining_credits"] == 12


def test_an_application_is_registered_and_removed(product: Product) -> None:
    new = ("clients", "add", "shop", "--name", "Shop", "--web", "--secret")
    made = product.command(*new, "--redirect-uri", "https://shop.example/back")
    assert (made.returncode, len(made.stdout.split())) == (0, 1), made.stderr
    assert "shop" in product.command("clients", "list").stdout
    assert product.command("clients", "secret", "shop").stdout != made.stdout
    assert product.command("clients", "remove", "shop").stdout == "shop removed; 0 sessions ended\n"
    wrong = product.command("clients", "add", "x", "--name", "X", "--redirect-uri", "http://x/")
    assert "client_id" in wrong.stderr
    assert "redirect_uris.0" in wrong.stderr


def test_invalid_arguments_get_one_line(product: Product) -> None:
    for call in (
        ("token", "nobody@example.com"),
        ("grant", "nobody@example.com", "5"),
        ("user", "create", "no address"),
        ("user", "create", "x@example.com", "--tier", "gold"),
        ("token", "demo@example.com", "--scope", "everything"),
    ):
        done = product.command(*call)
        assert (done.returncode, done.stdout) == (1, ""), call
        assert len(done.stderr.splitlines()) == 1
        assert done.stderr.startswith("headrace: ")
    assert product.command("frobnicate").returncode == 2


def test_a_second_up_names_the_first(product: Product) -> None:
    second = product.command("up")
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert product.command("status").returncode == 0

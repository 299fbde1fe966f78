"""Pages of other origins: an allow-list answers for both planes, and every vendor's SDK in them."""

import http.client

import pytest

from tests.acceptance.product import Product


def _ask(product: Product, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("localhost", product.port, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/models", "/v1beta/models/m:x"])
@pytest.mark.parametrize("origin", ["http://localhost:8080", "textassistant://window"])
def test_an_allowed_origin_can_send_requests_and_read_responses(
    product: Product, path: str, origin: str
) -> None:
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = _ask(product, "OPTIONS", path, **asks)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Max-Age"] == "86400"
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"authorization", "x-api-key", "x-goog-api-key", "idempotency-key"} <= set(allowed)
    answer = _ask(product, "GET", path, Origin=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "X-Request-Id" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:80801", "null"])
def test_an_unknown_origin_gets_no_cors_headers(product: Product, origin: str) -> None:
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for method in ("OPTIONS", "GET"):
        answer = _ask(product, method, "/v1/models", **asks)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Vary"] == "Origin"

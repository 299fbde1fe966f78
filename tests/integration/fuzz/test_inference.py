"""Damaged requests to every surface of the inference plane: refused, never an error of ours."""

import os
from urllib.parse import urlsplit

from tests.support.fuzz import cases, mutations, run
from tests.support.testbed import running_testbed, token

REQUESTS = int(os.environ.get("HEADRACE_FUZZ_REQUESTS", "10000"))
SEED = 20261125
UNLIMITED = {"HEADRACE_COUNTS_PER_MINUTE": 1_000_000}


async def test_no_surface_fails_on_damaged_requests(redis_url: str) -> None:
    async with running_testbed(redis_url, credits=1_000_000, settings=UNLIMITED) as testbed:
        address = urlsplit(testbed.url)
        assert address.hostname is not None
        assert address.port is not None
        surfaces = cases.inference("gpt-5", "claude", "gemini", "vectors")
        damaged = mutations.damaged(surfaces, SEED)[:REQUESTS]

        async def sign_in() -> str:
            return token("A")

        report = await run.run(address.hostname, address.port, damaged, sign_in)
        await testbed.until_idle()
    assert report.statuses[200] > report.requests / 20, report.statuses
    assert not report.findings, "\n".join(report.findings)
    assert report.requests == min(REQUESTS, len(damaged))

"""`python -m deploy.simulators --port N`: the simulated provider on loopback."""

import argparse

import uvloop
from aiohttp import web

from deploy.simulators.server import build_app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    uvloop.install()
    web.run_app(
        build_app(),
        host="127.0.0.1",
        port=parser.parse_args().port,
        print=None,
        access_log=None,
        handler_cancellation=True,
    )


if __name__ == "__main__":
    main()

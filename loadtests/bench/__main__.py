"""`make bench`: what Headrace costs beside an empty relay, and thousands of open streams.

Prints tables and writes `bench.json` and `bench-streams.json`.
"""

from pathlib import Path

from rich.console import Console

from loadtests.bench import headrace, open_streams


def main() -> None:
    console = Console()
    headrace.run(Path("bench.json"), headrace.no_peers, console)
    open_streams.run(open_streams.STREAMS, console)


if __name__ == "__main__":
    main()

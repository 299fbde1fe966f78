"""`python -m tests.clients [name …]`: what `make clients` runs.

A name is a client's, or a part of a cell's such as `codex-claude-tool`; without one, all run.
"""

import sys

from tests.__main__ import main

_FOLDER = "tests/clients"

if __name__ == "__main__":
    wanted = ("-k", " or ".join(sys.argv[1:])) if sys.argv[1:] else ()
    try:
        sys.exit(main([_FOLDER, "-v", *wanted]))
    except KeyboardInterrupt:
        sys.exit(130)

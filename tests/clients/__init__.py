"""The programs that people have, as they install them, each doing the same tasks through Headrace.

`table.py` lists them; `docs/clients.md` is generated from it. `make clients` runs every cell.
"""

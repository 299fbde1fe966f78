"""A fuzzer for every route of both planes: nasty values in every field, header, query and path.

`cases` lists valid requests, `mutations` damages them, `client` sends the bytes as they are, and
`verdicts` says what a response may look like. `python -m tests.support.fuzz` runs it against a
running instance for as long as one likes.
"""

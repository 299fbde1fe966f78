"""Path templates as regular expressions, in the subset that Python and HAProxy read alike.

`{model}` stands for one or more characters other than a colon, as in Gemini's paths, where a colon
precedes a method; `{id}` for one segment without one.
"""

import re

_PARTS = {"{model}": "[^:]+", "{id}": "[^/:]+"}


def is_literal(template: str) -> bool:
    """Whether it stands for one path only."""
    return "{" not in template


def pattern(template: str) -> str:
    """The anchored regular expression of the paths that the template stands for."""
    found = re.escape(template)
    for name, expression in _PARTS.items():
        found = found.replace(re.escape(name), expression)
    return f"^{found}$"

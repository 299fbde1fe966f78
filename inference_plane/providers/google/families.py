"""What Gemini's generations accept, by the model's name.

Source: https://ai.google.dev/gemini-api/docs/thinking (budgets up to 2.5, levels from 3 on, and
which models cannot stop thinking) and https://ai.google.dev/gemini-api/docs/function-calling.
"""

import re

_NUMBER = re.compile(r"gemini-(\d{1,2})(?:\.(\d{1,2}))?")


def generation(model: str) -> int:
    """3 for `gemini-3.1-pro`; 0 for a name of another form."""
    found = _NUMBER.match(model)
    return int(found[1]) if found else 0


def takes_call_ids(model: str) -> bool:
    """Whether calls and their results may have ids."""
    return generation(model) >= 3


def has_levels(model: str) -> bool:
    """Whether thinking is set as a level; before, as a number of tokens."""
    return generation(model) >= 3


def thinks(model: str) -> bool:
    """Whether it can think at all. A name of another form is believed to."""
    found = _NUMBER.match(model)
    return found is None or (int(found[1]), int(found[2] or 0)) >= (2, 5)


def always_thinks(model: str) -> bool:
    """Whether thinking cannot be switched off."""
    return has_levels(model) or model.startswith("gemini-2.5-pro")


def mixes_tools_and_json(model: str) -> bool:
    """Whether tools may be offered beside a JSON format."""
    return generation(model) == 0 or generation(model) >= 3

"""The providers there are, by name. Each describes itself in the `provider` module of its package.

The rows are the support matrix of the providers' side; `surfaces/table.py` is the clients' side.
"""

from inference_plane.providers.anthropic.provider import PROVIDER as ANTHROPIC
from inference_plane.providers.google.provider import PROVIDER as GOOGLE
from inference_plane.providers.openai.provider import PROVIDER as OPENAI
from inference_plane.providers.provider import Provider

PROVIDERS: dict[str, Provider] = {each.name: each for each in (OPENAI, ANTHROPIC, GOOGLE)}

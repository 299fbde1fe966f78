"""`POST /v1/completions`, OpenAI's older surface, on models that chat.

No provider here supports it, so it is always translated: the prompt becomes a user message.
"""

NAME = "completions"

"""`POST /v1/completions`, OpenAI's older surface, on models that chat.

No provider here speaks it, so it is always translated: the prompt is what the user says.
"""

NAME = "completions"

"""`POST /v1/moderations` as OpenAI documents it."""

NAME = "moderations"

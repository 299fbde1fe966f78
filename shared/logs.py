"""Structured logs: each line is an event with fields, as JSON, or for people on a terminal.

No prompt, response, token or key is ever a field.
"""

import logging
import sys
from typing import Any

import msgspec
import structlog

_encode = msgspec.json.Encoder(enc_hook=repr).encode


def configure(level: str, log_format: str) -> None:
    """Set up structlog once per process. `log_format`: auto, json or console."""
    # Not sys.stderr: Ray Serve replaces it with a logger that drops our lines.
    stream = sys.__stderr__ or sys.stderr
    console = log_format == "console" or (log_format == "auto" and stream.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(_for_people() if console else _for_machines()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(stream)
        if console
        else structlog.BytesLoggerFactory(stream.buffer),
        cache_logger_on_first_use=True,
    )


def _for_people() -> list[structlog.typing.Processor]:
    """Tracebacks without local variables, which could contain prompts and keys."""
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def _for_machines() -> list[structlog.typing.Processor]:
    return [structlog.processors.format_exc_info, _as_json]


def _as_json(_logger: Any, _method: str, event: structlog.typing.EventDict) -> bytes:
    return _encode(event)

"""Structured logs: a line is an event with fields, JSON unless a terminal is looking.

No prompt, no answer, no token and no key is ever a field.
"""

import logging
import sys
from typing import Any

import msgspec
import structlog

_encode = msgspec.json.Encoder(enc_hook=repr).encode


def configure(level: str, log_format: str) -> None:
    """Set up structlog once per process. `log_format`: auto, json or console."""
    # Not sys.stderr: Ray Serve puts a logger of its own in its place, which drops our lines.
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
    """A traceback that shows local variables would show prompts and keys, so ours shows none."""
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def _for_machines() -> list[structlog.typing.Processor]:
    return [structlog.processors.format_exc_info, _as_json]


def _as_json(_logger: Any, _method: str, event: structlog.typing.EventDict) -> bytes:
    return _encode(event)

"""Structured logs: a line is an event with fields, JSON unless a terminal is looking.

No prompt, no answer, no token and no key is ever a field.
"""

import logging
import sys

import structlog


def configure(level: str, log_format: str) -> None:
    """Set up structlog once per process. `log_format`: auto, json or console."""
    console = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    # A traceback that shows local variables would show prompts and keys, so ours shows none.
    plain = structlog.dev.plain_traceback
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=plain)
        if console
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )

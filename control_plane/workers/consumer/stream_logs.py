"""Routes FastStream's log records to structlog; a connection error becomes a single line."""

import logging

import structlog
from redis.exceptions import RedisError

_NAME = "headrace.outbox"
_log = structlog.get_logger()


class _Bridge(logging.Handler):
    """Logs Redis errors without, and all other errors with a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, RedisError | OSError):
            _log.warning("outbox.redis_error", message=record.getMessage(), reason=str(error))
        else:
            _log.error("outbox.error", message=record.getMessage(), exc_info=error)


def build() -> logging.Logger:
    """The logger for a broker: warnings and above."""
    logger = logging.getLogger(_NAME)
    logger.handlers = [_Bridge(logging.WARNING)]
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    return logger

"""FastStream's log lines as ours: structured, and one line where Redis is merely away."""

import logging

import structlog
from redis.exceptions import RedisError

_NAME = "headrace.outbox"
_log = structlog.get_logger()


class _Bridge(logging.Handler):
    """A fault of Redis says what it is; a fault of ours says where it is, too."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, RedisError | OSError):
            _log.warning("outbox.trouble", message=record.getMessage(), reason=str(error))
        else:
            _log.error("outbox.fault", message=record.getMessage(), exc_info=error)


def build() -> logging.Logger:
    """The logger a broker is given: warnings and above."""
    logger = logging.getLogger(_NAME)
    logger.handlers = [_Bridge(logging.WARNING)]
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    return logger

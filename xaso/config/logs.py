"""Log lines: JSON on stderr, with personal numbers masked."""

import logging
from typing import Any

import structlog

from xaso.kernel.text.masking import masked


def mask(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Mask every text value of a log line."""
    return {
        key: masked(value) if isinstance(value, str) and key != "timestamp" else value
        for key, value in event.items()
    }


_SHARED = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    mask,
]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": _SHARED,
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": logging.WARNING},
    "loggers": {"xaso": {"level": logging.INFO}},
}

"""The log: one line an event, as pairs of a name and a value, with a level; nothing of what a person draws or types."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

LEVELS = ("debug", "info", "warning", "error")
PLAIN = re.compile(r"[\w.,:/+-]+")
_log = logging.getLogger("backscope")


def event(level: str, name: str, error: BaseException | None = None, **fields: Any) -> None:
    """Log an event, such as ``event("info", "page came", session=3)``; of an error also its place."""
    number = logging.getLevelNamesMapping()[level.upper()]
    _log.log(number, name, exc_info=error, extra={"fields": fields})


def log_to_stderr(level: str) -> None:
    """Write the server's events from a level on to standard error, and what uvicorn warns of, which says less."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    least = logging.getLevelNamesMapping()[level.upper()]
    for name, number in (("backscope", least), ("uvicorn", max(least, logging.WARNING))):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(number)


class Lines(logging.Formatter):
    """An event as one line: ``time=... level=info event="page came" session=3``."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback stands in it as one value."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        pairs = {"time": time, "level": record.levelname.lower(), "event": record.getMessage()}
        pairs |= getattr(record, "fields", {})
        if record.exc_info:
            pairs["traceback"] = self.formatException(record.exc_info)
        return " ".join(f"{name}={_value(value)}" for name, value in pairs.items())


def _value(value: Any) -> str:
    text = str(value)
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)

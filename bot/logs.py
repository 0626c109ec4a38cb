"""Log lines: one event for each outcome, with keys and values; JSON where nobody watches. No token, no message."""

from __future__ import annotations

import logging
import re
import sys

import structlog

# Some of aiohttp's errors quote the address they asked for, and ours holds the token.
_TOKEN = re.compile(r"\d+:[\w-]{20,}")
# pydantic's errors quote what they could not read, and that is what people wrote.
_QUOTED = re.compile(r"(?<=input_value=).*(?=, input_type=)")


def set_up_logs(style: str) -> None:
    """Write our events and the libraries' warnings to stderr; ``style`` is text, json or auto (by the terminal)."""
    as_text = style == "text" or (style == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = (
        # A plain traceback: the pretty one shows local variables, and with them what people wrote.
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
        if as_text
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    structlog.configure(
        processors=[*shared, *last, lambda _logger, _name, line: redact(str(line))],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(logging.BASIC_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def redact(text: str) -> str:
    """Take out whatever looks like a bot's token, and what errors quote."""
    return _QUOTED.sub("…", _TOKEN.sub("…", text))


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

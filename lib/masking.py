"""Log lines without the tokens that stand in addresses: whoever reads a log could open what they lead to."""

import logging
import re

# /t/<token>/ of an outsider's link, a calendar's feed, the key of a password reset: as a path, or quoted.
TOKENS = re.compile(r"((?:/|%2F)(?:t|port-calendar|key)(?:/|%2F))[\w~.%-]{8,}", re.IGNORECASE)


class MaskingFormatter(logging.Formatter):
    """Formats as its base does, tracebacks included, then masks every token."""

    def format(self, record: logging.LogRecord) -> str:
        return TOKENS.sub(r"\1•••", super().format(record))

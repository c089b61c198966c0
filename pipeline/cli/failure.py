"""The one exception that ends a command with a single clear line."""

from __future__ import annotations


class Failure(Exception):
    """What was asked could not be done; the message says what, where and what to do."""

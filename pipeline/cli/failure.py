"""The one exception that ends a command with a single clear line."""

from __future__ import annotations


class Failure(Exception):
    """What was asked could not be done; the message says what, where and what to do.

    `code` is the exit code: 1 where it failed, 2 where it was asked wrongly.
    """

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code

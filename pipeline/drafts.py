"""Files and folders that are written beside their place and moved there when they are whole."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def draft_name(path: Path) -> Path:
    """Return a hidden name beside `path` that no other process, and no other thread, takes for its draft."""
    return path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(3)}.draft")


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Yield the name of a file to write instead of `path`; it is moved there in the end.

    Whatever goes wrong, `path` stays as it was and nothing else stays. An OSError names `path`.
    """
    draft = draft_name(path)
    try:
        with errors_of(path, draft):
            yield draft
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def errors_of(path: Path, draft: Path | None = None) -> Iterator[None]:
    """Let errors of writing name `path`, which whoever waits for it knows, not a draft, a source or nothing.

    A disk is full where something is written: what copies a file names the one that was read.
    """
    try:
        yield
    except OSError as error:
        named = error.filename is not None and error.errno not in _FULL
        if named and (draft is None or not Path(str(error.filename)).is_relative_to(draft)):
            raise
        told = os.strerror(error.errno) if error.errno else str(error)  # Arrow has longer words for it
        raise OSError(error.errno or errno.EIO, told, str(path)) from error

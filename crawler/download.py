"""Large files read from disk or over HTTP as one stream that survives broken connections."""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from crawler.options import user_agent
from crawler.warcstream import Readable

_LOG = logging.getLogger(__name__)  # standard error, unless the program that runs this says otherwise
_TIMEOUT_S = 60.0
_ATTEMPTS = 6  # in a row without a single byte
_LONGEST_PAUSE_S = 60.0
_TRIED_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class DownloadError(RuntimeError):
    """A file cannot be had; the message names its address and why."""


class FileChangedError(DownloadError):
    """A file is not the one of which a part was read before."""


#: Size and tag (of HTTP, or the time of writing), by which a file is known again; None where it tells none.
Version = tuple[int | None, str | None]
UNKNOWN: Version = (None, None)


@dataclass(frozen=True, slots=True)
class Fetching:
    """How files are fetched: the contact that requests carry, and the first pause after a failure (seconds)."""

    contact: str
    pause_s: float = 1.0


class Opened(Readable, Protocol):
    """An open file that tells which one it is."""

    @property
    def version(self) -> Version:
        """The file's size and tag, as far as they are known by now."""


@contextmanager
def open_file(address: str, how: Fetching, start: int = 0, known: Version = UNKNOWN) -> Iterator[Opened]:
    """Yield the file at a path or an HTTP address, open at byte `start`.

    Raises DownloadError; FileChangedError where the file is not the `known` one (over HTTP: by the first `read`).
    """
    if is_remote(address):
        download = Download(address, how, start, known)
        try:
            yield download
        finally:
            download.close()
        return
    try:
        file = Path(address).open("rb")  # noqa: SIM115 -- closed below
    except OSError as error:
        raise DownloadError(f"{address}: {error.strerror or error}") from None
    with file:
        opened = _Local(file)
        if known not in (UNKNOWN, opened.version):
            raise _changed(address)
        file.seek(start)
        yield opened


def is_remote(address: str) -> bool:
    """Return whether `address` is one of HTTP."""
    return address.startswith(("http://", "https://"))


class _Local:
    """A file of this machine."""

    def __init__(self, file: IO[bytes]) -> None:
        told = os.fstat(file.fileno())
        self.read = file.read
        self.version: Version = (told.st_size, str(told.st_mtime_ns))


class Download:
    """The body of `address` from byte `start` on; a connection that breaks is made again where it broke.

    A file that changed in between is refused: half of one and half of another is neither.
    """

    def __init__(self, address: str, how: Fetching, start: int = 0, known: Version = UNKNOWN) -> None:
        self._address, self._how = address, how
        self._start = self._at = start
        self._size, self._tag = known
        self._answer: IO[bytes] | None = None

    @property
    def version(self) -> Version:
        """Size and tag of the file, as the first answer told them."""
        return self._size, self._tag

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, b"" at the end of the file. Raises DownloadError."""
        failures = 0
        while True:
            try:
                piece = self._read(size)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                failures += 1
                self._pause(failures, error)
                continue
            self._at += len(piece)
            return piece

    def close(self) -> None:
        """Let the connection go."""
        if self._answer is not None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._answer.close()
            self._answer = None

    def _read(self, size: int) -> bytes:
        if self._size is not None and self._at >= self._size:
            return b""
        if self._answer is None:
            self._answer = self._ask()
            if self._answer is None:
                return b""
        piece = self._answer.read(size)
        if not piece and self._size is not None and self._at < self._size:
            raise ConnectionError(f"the answer ended at byte {self._at} of {self._size}")
        return piece

    def _ask(self) -> IO[bytes] | None:
        headers = {"User-Agent": user_agent(self._how.contact), "Accept-Encoding": "identity"}
        if self._at:
            headers["Range"] = f"bytes={self._at}-"
        request = urllib.request.Request(self._address, headers=headers)  # noqa: S310 -- HTTP by is_remote
        try:
            answer = urllib.request.urlopen(request, timeout=_TIMEOUT_S)  # noqa: S310
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 416:
                if self._at == self._start:  # where something stood before
                    raise _changed(self._address) from None
                return None  # nothing stands behind that byte
            if error.code in _TRIED_AGAIN:
                raise ConnectionError(f"HTTP {error.code}") from None
            raise DownloadError(f"{self._address}: HTTP {error.code}") from None
        self._check(answer)
        if self._at and answer.status != 206:
            _discard(answer, self._at)
        return answer  # type: ignore[no-any-return]

    def _check(self, answer: Any) -> None:
        """Note size and version of the file. Raises DownloadError where it is not the one of before."""
        length = answer.headers.get("Content-Length", "")
        begun = self._at if answer.status == 206 else 0
        size = begun + int(length) if length.isdigit() else None
        tag = answer.headers.get("ETag")
        if (self._tag, self._size) != (None, None) and (tag, size) != (self._tag, self._size):
            raise _changed(self._address)
        self._tag, self._size = tag, size

    def _pause(self, failures: int, error: Exception) -> None:
        if failures >= _ATTEMPTS:
            raise DownloadError(
                f"{self._address}: {error or type(error).__name__} ({failures} times)"
            ) from None
        pause = min(_LONGEST_PAUSE_S, self._how.pause_s * 4 ** (failures - 1))
        what = f"{self._address}: {error or type(error).__name__}"
        _LOG.warning("%s; trying again in %.0f s (%d of %d)", what, pause, failures + 1, _ATTEMPTS)
        time.sleep(pause)


def _changed(address: str) -> FileChangedError:
    return FileChangedError(f"{address}: the file changed while it was read; start again")


def _discard(answer: IO[bytes], size: int) -> None:
    """Read past what was had before, from a server that knows no ranges."""
    while size > 0:
        piece = answer.read(min(size, 1 << 20))
        if not piece:
            raise ConnectionError("the answer ended early")
        size -= len(piece)

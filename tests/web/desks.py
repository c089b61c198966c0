"""What the tests of the desk share: a password, hostile text, a browser and its login."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from pipeline.settings import Settings
from pipeline.web.app import make_app

PASSWORD = "kuda-laut-biru-17"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


def borrow(published: Path, folder: Path, *names: str) -> Settings:
    """Return settings over an own folder in which only what is named is another's."""
    for name in names:
        (folder / name).symlink_to(published / name)
    return Settings(var=folder)


@contextmanager
def browse(settings: Settings, name: str = "") -> Iterator[TestClient]:
    """Yield a browser at a desk over these settings, logged in where a name is given; it follows no redirect."""
    with TestClient(make_app(settings), base_url="http://127.0.0.1", follow_redirects=False) as client:
        assert not name or log_in(client, name) == 303
        yield client


def log_in(client: TestClient, name: str, password: str = PASSWORD, goal: str = "/") -> int:
    """Log in through the form as a new visitor's browser does and return the answer's status."""
    client.cookies.clear()
    client.get("/masuk")
    form = {"nama": name, "sandi": password, "ke": goal, "csrf": client.cookies["wartawas_form"]}
    return client.post("/masuk", data=form).status_code


def csrf_of(client: TestClient) -> str:
    """Return the token that this browser's forms must carry."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/metode").text)
    assert found
    return found[1]

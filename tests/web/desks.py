"""What the tests of the desk share: a password, hostile text, a browser's login."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

PASSWORD = "kuda-laut-biru-17"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


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

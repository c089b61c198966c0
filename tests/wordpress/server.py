"""A real WordPress on loopback: Debian's wordpress, MariaDB, php-fpm and nginx in a temporary folder.

Several sites run at once, one a port, each with its own tables, theme and posts. Nothing outside the folder
is written and no system service is used.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PROGRAMS = ("mariadbd", "mariadb-install-db", "nginx", "php")
SOURCE = Path("/usr/share/wordpress")
THEMES = ("twentytwentyone", "twentytwentytwo", "twentytwentythree")


def missing() -> str | None:
    """Return what must be installed before a WordPress can run here, or None."""
    absent = [name for name in PROGRAMS if not _which(name)] + ([] if SOURCE.is_dir() else [str(SOURCE)])
    if absent or not _fpm():
        lacking = ", ".join(absent) or "php-fpm"
        return f"needs Debian's wordpress, mariadb-server, php-fpm and nginx ({lacking} missing)"
    return None


@dataclass(frozen=True, slots=True)
class WordPress:
    """The running server: its folder and the ports of its sites."""

    folder: Path
    ports: tuple[int, ...]

    def base(self, site: int = 0) -> str:
        """Return the address of one site."""
        return f"http://127.0.0.1:{self.ports[site]}"

    def install(
        self, site: int, *, title: str, theme: str, permalinks: str, zone: str = "Asia/Jakarta"
    ) -> None:
        """Install a site with a theme; permalinks as WordPress writes them (`/%year%/…/%postname%/`)."""
        row = {"title": title, "theme": theme, "permalinks": permalinks, "zone": zone}
        self.run(site, {"install": row})

    def add(self, site: int, posts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Insert posts and return their ids and addresses in the same order."""
        made: list[dict[str, Any]] = []
        for at in range(0, len(posts), 100):
            made += self.run(site, {"posts": posts[at : at + 100]})
        return made

    def run(self, site: int, job: dict[str, Any]) -> list[dict[str, Any]]:
        """Carry out one job of seed.php on a site."""
        env = {**os.environ, "WP_PORT": str(self.ports[site]), "WP_SOCKET": str(self.folder / "db.sock")}
        done = subprocess.run(
            ["php", str(self.folder / "html" / "seed.php")],
            input=json.dumps(job), capture_output=True, text=True, env=env, timeout=300,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"seed.php failed: {done.stderr[-2000:] or done.stdout[-2000:]}")
        return json.loads(done.stdout[done.stdout.rindex("[") if "[" not in done.stdout[:1] else 0 :])

    def close_rest(self, site: int, *, closed: bool = True) -> None:
        """Refuse (403) or allow `wp-json` on a site, as security plugins do."""
        flag = self.folder / f"rest-off-{self.ports[site]}"
        flag.touch() if closed else flag.unlink(missing_ok=True)

    def requests(self, site: int) -> list[str]:
        """Return the lines of a site's access log: `METHOD path status agent`."""
        file = self.folder / f"access-{self.ports[site]}.log"
        return file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []


@contextmanager
def running_wordpress(folder: Path, sites: int = 3) -> Iterator[WordPress]:
    """Run MariaDB, php-fpm and nginx in `folder` while the context is open."""
    ports = tuple(_free_ports(sites))
    html = folder / "html"
    shutil.copytree(SOURCE, html, symlinks=False, ignore=shutil.ignore_patterns(".htaccess", "wp-config.php"))
    for name in ("wp-config.php", "seed.php"):
        shutil.copy(HERE / name, html / name)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes.append(_database(folder))
        processes.append(_fpm_server(folder))
        processes.append(_nginx(folder, html, ports))
        yield WordPress(folder, ports)
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait(timeout=30)


def _database(folder: Path) -> subprocess.Popen[bytes]:
    data, log = folder / "db", folder / "db.log"
    data.mkdir()
    options = ["--no-defaults", f"--datadir={data}", f"--user={_user()}"]
    subprocess.run(
        ["mariadb-install-db", *options, "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip
    server = [_which("mariadbd"), *options, f"--socket={folder / 'db.sock'}", "--skip-networking"]
    quick = [
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-buffer-pool-size=64M",
        f"--pid-file={folder / 'db.pid'}",
    ]
    with log.open("wb") as out:
        process = subprocess.Popen([*server, *quick], stdout=out, stderr=out)
    _wait_for(folder / "db.sock", process, log)
    client = ["mariadb", "--no-defaults", f"--socket={folder / 'db.sock'}", "-u", "root"]
    subprocess.run([*client, "-e", "CREATE DATABASE wordpress"], check=True, timeout=30)
    return process


def _fpm_server(folder: Path) -> subprocess.Popen[bytes]:
    user = f"user = {_user()}\ngroup = {_user()}\n" if os.geteuid() == 0 else ""
    (folder / "fpm.conf").write_text(
        f"[global]\nerror_log = {folder}/fpm.log\ndaemonize = no\n[www]\nlisten = {folder}/fpm.sock\n{user}"
        f"pm = static\npm.max_children = 2\nenv[WP_SOCKET] = {folder}/db.sock\nclear_env = no\n"
    )
    fpm = _fpm()
    assert fpm
    root = ["-R"] if os.geteuid() == 0 else []
    log = folder / "fpm.out"
    with log.open("wb") as out:
        process = subprocess.Popen([fpm, "-y", str(folder / "fpm.conf"), *root], stdout=out, stderr=out)
    _wait_for(folder / "fpm.sock", process, log)
    return process


def _nginx(folder: Path, html: Path, ports: Sequence[int]) -> subprocess.Popen[bytes]:
    user = f"user {_user()};\n" if os.geteuid() == 0 else ""
    servers = "\n".join(
        f"""server {{ listen 127.0.0.1:{port}; root {html}; index index.php;
        access_log {folder}/access-{port}.log short;
        location /wp-json {{ if (-f {folder}/rest-off-{port}) {{ return 403; }}
          try_files $uri /index.php?$args; }}
        location / {{ try_files $uri $uri/ /index.php?$args; }}
        location ~ \\.php$ {{ include /etc/nginx/fastcgi_params; fastcgi_pass unix:{folder}/fpm.sock;
          fastcgi_param HTTP_HOST 127.0.0.1:{port};
          fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; }} }}"""
        for port in ports
    )
    temp = "".join(
        f"{k}_temp_path {folder}/{k};" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;\n"
        f"events {{ worker_connections 256; }}\nhttp {{ include /etc/nginx/mime.types; {temp}\n"
        f"log_format short '$request_method $request_uri $status $http_user_agent';\n{servers} }}\n"
    )
    log = folder / "nginx.out"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [_which("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")], stdout=out, stderr=out
        )
    _wait_for(folder / "nginx.pid", process, log)
    return process


def _user() -> str:
    # php-fpm and MariaDB refuse to serve as root unless told who; root is told to stay root in its own folder
    return "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")


def _which(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _fpm() -> str | None:
    found = sorted(Path("/usr/sbin").glob("php-fpm*"))
    return str(found[-1]) if found else None


def _free_ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _wait_for(file: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if file.exists():
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    tail = log.read_text(errors="replace")[-1500:] if log.exists() else ""
    raise RuntimeError(f"{process.args} did not start: {tail}")

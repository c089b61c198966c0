"""What starts the nights: units that systemd accepts, a line for cron in the machine's zone, the Containerfile."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from pipeline.cli.schedule import schedule
from pipeline.schedule import SERVICE, TIMER, Place, ScheduleError, cron_line, systemd_units
from pipeline.settings import Night, Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    program = tmp_path / "wartawas"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return Place(program, tmp_path, user="root")


def test_units_are_accepted_by_systemd(tmp_path: Path, place: Place) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    units = systemd_units(Settings(), place)
    for name, text in units.items():
        (tmp_path / name).write_text(text)
    files = [str(tmp_path / name) for name in units]
    ran = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    security = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=30", files[0]]
    ran = subprocess.run(security, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[-2000:]
    broken = tmp_path / "broken.service"
    broken.write_text(units[SERVICE].replace("Type=oneshot", "Type=oneshoot"))
    assert (
        "oneshoot"
        in subprocess.run(["systemd-analyze", "verify", broken], capture_output=True, text=True).stderr
    )


def test_units_follow_the_settings(tmp_path: Path, place: Place) -> None:
    night = Night(window="20:30-04:30", random_delay_minutes=7)
    units = systemd_units(Settings(var=Path("isi"), workers=3, night=night), place)
    assert "OnCalendar=*-*-* 20:30:00 Asia/Jakarta" in units[TIMER]
    assert "RandomizedDelaySec=7min" in units[TIMER]
    service = units[SERVICE]
    for line in ("CPUQuota=300%", "MemoryMax=3G", f"ReadWritePaths={tmp_path}/isi", "SuccessExitStatus=3",
                 "TimeoutStartSec=600min", f"WorkingDirectory={tmp_path}", "NoNewPrivileges=yes"):  # fmt: skip
        assert line in service.splitlines()


def test_path_that_a_unit_cannot_hold_is_refused(tmp_path: Path, place: Place) -> None:
    with pytest.raises(ScheduleError, match="without blanks"):
        systemd_units(Settings(var=Path("dua kata")), place)
    hundred = Place(place.program, tmp_path / "100%")
    assert f"WorkingDirectory={tmp_path}/100%%" in systemd_units(Settings(), hundred)[SERVICE]
    with pytest.raises(ScheduleError, match="%"):
        cron_line(Settings(), hundred, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("zone", "begins"), [("Asia/Jakarta", "00 21"), ("UTC", "00 14"), ("Asia/Jayapura", "00 23")]
)
def test_cron_runs_at_the_same_moment_in_every_zone(place: Place, zone: str, begins: str) -> None:
    line = cron_line(Settings(), place, ZoneInfo(zone)).splitlines()[1]
    assert line.startswith(f"{begins} * * * cd {place.folder} && ")
    assert "nice -n 10" in line and "shuf -i 0-1200" in line


def test_command_writes_both_units(tmp_path: Path) -> None:
    ran = CliRunner().invoke(schedule, ["--systemd", "--write", str(tmp_path)], catch_exceptions=False)
    assert ran.exit_code == 0 and "systemctl enable --now wartawas-nightly.timer" in ran.output
    assert {file.name for file in tmp_path.iterdir()} == {SERVICE, TIMER}
    for wrong in (
        [],
        ["--systemd", "--cron"],
        ["--systemd", "--user", "a b"],
        ["--systemd", "--memory", "viel"],
    ):
        assert CliRunner().invoke(schedule, wrong).exit_code == 2


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", (ROOT / "Containerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word.upper(), rest) for word, _, rest in (line.partition(" ") for line in lines)]


def test_containerfile_is_pinned_unprivileged_and_whole() -> None:
    if hadolint := shutil.which("hadolint"):
        ran = subprocess.run([hadolint, str(ROOT / "Containerfile")], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout
    rows = instructions()
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "ENTRYPOINT", "CMD"}
    assert {word for word, _ in rows} <= known
    stages = [rest for word, rest in rows if word == "FROM"]
    assert all(
        re.match(r"docker\.io/library/python:3\.\d+\.\d+-slim-\w+( AS \w+)?$", rest) for rest in stages
    )
    last = rows[max(n for n, (word, _) in enumerate(rows) if word == "FROM") :]
    (user,) = [rest for word, rest in last if word == "USER"]
    assert user not in {"0", "root"}
    names = [word for word, _ in last]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert all(rest.startswith('["') for word, rest in rows if word in {"ENTRYPOINT", "CMD"})
    assert all(rest.startswith("/") for word, rest in rows if word in {"WORKDIR", "VOLUME"})
    assert all("--no-cache-dir" in rest for word, rest in rows if word == "RUN" and "pip install" in rest)
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*"  # nothing but what is named: no var/, no secrets
    for word, rest in rows:
        if word == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert f"!{source}" in ignored, source


def test_container_holds_everything_that_the_wheel_needs() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = {part for word, rest in instructions() if word == "COPY" for part in rest.split()[:-1]}
    needed = {*wheel["packages"], *wheel["force-include"], project["project"]["readme"],
              *project["project"]["license-files"], "pyproject.toml"}  # fmt: skip
    assert needed <= copied

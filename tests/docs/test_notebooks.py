"""The notebooks: every one runs on the demo's store, writes its figures, and stands beside its twin in plain Python."""

from __future__ import annotations

import re
import resource
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
import pytest
from lxml import etree
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from PIL import Image

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
_FIGURE = re.compile(r'"(\d\d-[a-z0-9-]+)"\s*,?\s*\)')
_MOST_S = 240  # all notebooks together
pytestmark = pytest.mark.timeout(900)  # for machines that have more to do
_BESIDE = {"08-jaringan-jabatan": ("08-jaringan-pelanggaran", "08-jaringan-pencegahan")}  # named in a loop


@dataclass(frozen=True)
class Run:
    """What running a notebook gave: the notebook with its outputs, and why it failed."""

    notebook: nbformat.NotebookNode
    problem: str | None


def run(notebook: nbformat.NotebookNode, folder: Path) -> Run:
    """Run a notebook from its first cell to its last, in a kernel of its own that works in `folder`."""
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    try:
        client.execute()
        problem = None
    except CellExecutionError as error:
        problem = str(error)
    return Run(notebook, problem)


@pytest.fixture(scope="module")
def gambar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gambar")


@pytest.fixture(scope="module")
def work() -> list[float]:
    """Seconds that the kernels computed."""
    return []


@pytest.fixture(scope="module")
def runs(
    after_demo: Path, gambar: Path, work: list[float], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Run]:
    """Every notebook, run on the store of the demo; two at a time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.MonkeyPatch.context() as patched, ThreadPoolExecutor(2) as pool:
        patched.setenv("WARTAWAS_STORE", str(after_demo / "var" / "demo"))
        patched.setenv("WARTAWAS_FIGURES", str(gambar))
        patched.delenv("WARTAWAS_LABELS", raising=False)
        empty = tmp_path_factory.mktemp("kosong")
        done = {path.stem: pool.submit(run, nbformat.read(path, as_version=4), empty) for path in NOTEBOOKS}
        found = {name: future.result() for name, future in done.items()}
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    work += [after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime]
    return found


def figures_of(name: str) -> list[str]:
    """Return the names of the figures that a notebook writes."""
    source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    return sorted({*_FIGURE.findall(source), *_BESIDE.get(name, ())})


def test_there_are_nine_and_each_has_a_figure() -> None:
    assert [name[:2] for name in NAMES] == [f"{n:02}" for n in range(1, 10)]
    assert all(figures_of(name) for name in NAMES)
    assert [path.stem for path in sorted(FOLDER.glob("*.py"))] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_notebook_runs_on_the_demo(name: str, runs: Mapping[str, Run]) -> None:
    assert runs[name].problem is None


def test_all_run_in_under_four_minutes(runs: Mapping[str, Run], work: list[float]) -> None:
    """Seconds of work, so that a busy machine does not decide; two run at a time."""
    assert len(runs) == 9 and 5 < sum(work) < _MOST_S


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_images_with_something_on_them(name: str, runs: Mapping[str, Run], gambar: Path) -> None:
    assert runs[name].problem is None
    for figure in figures_of(name):
        with Image.open(gambar / f"{figure}.png") as image:
            image.load()
            pixels = image.convert("L")
        assert pixels.width > 200 and pixels.height > 80
        ink = sum(pixels.histogram()[:200]) / (pixels.width * pixels.height)
        assert 0.002 < ink < 0.9, (figure, ink)
        svg = etree.parse(str(gambar / f"{figure}.svg"))
        words = "".join(svg.getroot().itertext())
        behind = "korpus karangan" if name.startswith("09") else "75 artikel dari 5 sumber"
        assert "CONTOH – rekaan" in words and behind in words
        assert len(svg.findall(".//{*}path")) > 3


def test_what_notebooks_say_names_no_accused(runs: Mapping[str, Run]) -> None:
    """Outputs come from a masked store; a mask that is shown keeps the initial alone."""
    shown = "".join(str(cell.get("outputs", "")) for one in runs.values() for cell in one.notebook.cells)
    assert "diduga" in shown and "CONTOH" in shown
    assert "TIDAK COCOK" not in shown
    assert "cocok" in str(runs["07-dari-artikel-ke-kasus"].notebook.cells[-2]["outputs"])


@pytest.mark.parametrize("name", NAMES)
def test_pairs_say_the_same_and_hold_no_outputs(name: str) -> None:
    notebook, script = jupytext.read(FOLDER / f"{name}.ipynb"), jupytext.read(FOLDER / f"{name}.py")
    assert (
        notebook.metadata["jupytext"]["formats"]
        == script.metadata["jupytext"]["formats"]
        == "ipynb,py:percent"
    )
    cells = [[(cell.cell_type, cell.source.strip()) for cell in one.cells] for one in (notebook, script)]
    assert cells[0] == cells[1]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None
    first = notebook.cells[0].source
    assert (
        first.startswith(f"# {name[:2]} · ")
        and "\n**English summary.** " in first
        and "\nPertanyaannya: " in first
    )


def test_a_failing_cell_fails(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell("x = 1"), nbformat.v4.new_code_cell("assert x == 2, 'sengaja'")]
    failed = run(nbformat.v4.new_notebook(cells=cells), tmp_path)
    assert failed.problem is not None and "sengaja" in failed.problem

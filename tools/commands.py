"""The commands of this repository, once: `make NAME` and `python -m tools NAME` both run them.

Each is a function; its docstring's first line is what `help` prints. A setting, such as SEED, is read
from the environment, where make and `python -m tools` put what is written as NAME=value.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tools.environment import ROOT, Failed, make_environment, run

NBVAL = """-p nbval --nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg
    --nbval-cell-timeout 900""".split()
QUICKLY = "base text machine attention recurrent models saving search scoring training".split()
QUICK = "not slow and not browser and not network and not notebook and not course"
BENCHMARKS = """bottleneck; handover; speech; speech_smoothing; needs; rare_names; further; ablation; rival;
    letters; dials; products; live_training; comparison; comparison --presets transformer; other_tasks;
    transformer_parts; length; live_models; live_times; live_parity; speed; captions; quality;
    scheduled_sampling; site_marks"""

COMMANDS = {}


def command(function):
    """Make a function a command: `test_quick` becomes `test-quick`."""
    COMMANDS[function.__name__.replace("_", "-")] = function
    return function


def setting(name: str, default: str = "") -> str:
    """Return a setting, or its default."""
    return os.environ.get(name) or default


def asked(name: str, question: str) -> None:
    """Ask for a setting that a command cannot do without, and end it."""
    if not setting(name):
        print(question)
        sys.exit(2)


def python(*arguments: str) -> None:
    """Run Python in the environment, which is made first where it is not there."""
    make_environment()
    run("python", *arguments)


def with_checkers() -> None:
    """Build the site, and meanwhile fetch what the tests look at it with."""
    make_environment()
    with ThreadPoolExecutor() as pool:
        fetching = [
            pool.submit(python, "-m", f"tools.fetch_{what}") for what in ("checkers", "reveal")
        ]
        book()
        for each in fetching:
            each.result()


def compile_tests() -> None:
    """Let pytest compile the tests once, or each of its processes would; a mistake in them is left to the real run."""
    silent = "--collect-only -o addopts=--import-mode=importlib -p no:terminal tests".split()
    with contextlib.suppress(Failed):
        run("python", "-m", "pytest", *silent, PYTHONDONTWRITEBYTECODE="")


def pytest(*arguments: str) -> None:
    """Run tests; a file's tests stay in one process."""
    make_environment()
    options = f"-n {setting('WORKERS', '3')} --dist loadfile --no-loadscope-reorder --durations 20"
    quiet = {"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
    quiet["PYTHONDONTWRITEBYTECODE"] = (
        ""  # else each of some hundred processes compiles the package anew
    )
    run("python", "-m", "pytest", *options.split(), *arguments, **quiet)


def seeded() -> list[str]:
    """Return the seed of a course as arguments, where one is set."""
    return ["--seed", setting("SEED")] if setting("SEED") else []


@command
def help() -> None:
    """list the commands"""
    print("make COMMAND, or python -m tools COMMAND, where COMMAND is one of:")
    for name, function in COMMANDS.items():
        print(f"{name:<18} {' '.join(function.__doc__.split())}")


@command
def environment() -> None:
    """make .venv only"""
    make_environment()


@command
def book() -> None:
    """build the site into _build/html, warnings are errors"""
    python("-m", "tools.vendor_assets")
    try:
        run("jupyter-book", "build", ".", "-W", "--keep-going")
    except SystemExit:
        shutil.rmtree(ROOT / "_build/.doctrees", ignore_errors=True)
        raise
    (ROOT / "_build/html/.nojekyll").touch()
    print("The book is built. Open _build/html/index.html, or run `serve` to see it in a browser.")


@command
def serve() -> None:
    """build, then serve the site at http://localhost:8000 (PORT=... for another)"""
    book()
    port = setting("PORT", "8000")
    print(f"The book is at http://localhost:{port}/  (Ctrl-C stops)", flush=True)
    python("-m", "http.server", port, "--bind", "127.0.0.1", "--directory", "_build/html")


@command
def pdf() -> None:
    """build, then print the whole book as one PDF, into _build/pdf (needs Chromium)"""
    book()
    python("-m", "tools.make_pdf")


@command
def figures() -> None:
    """every figure of the book as SVG and PDF, into _build/figures (CHAPTERS="..." for some)"""
    python("-m", "tools.draw_figures", *shlex.split(setting("CHAPTERS")))


@command
def slides() -> None:
    """decks for the eight weeks, and PDFs of them, into _build/slides or OUTPUT (WEEKS="3 4" for some)"""
    output, weeks = setting("OUTPUT", "_build/slides"), shlex.split(setting("WEEKS"))
    python("-m", "tools.make_slides", "--output", output, *(["--weeks", *weeks] if weeks else []))


@command
def serve_slides() -> None:
    """make the slides, then serve them at http://localhost:8001 (PORT=... for another)"""
    slides()
    port = setting("PORT", "8001")
    print(f"The slides are at http://localhost:{port}/  (Ctrl-C stops)", flush=True)
    python(
        "-m",
        "http.server",
        port,
        "--bind",
        "127.0.0.1",
        "--directory",
        setting("OUTPUT", "_build/slides"),
    )


@command
def lab() -> None:
    """open the chapters in JupyterLab"""
    make_environment()
    run("jupyter", "lab", "chapters")


@command
def chapters() -> None:
    """run the notebooks again and store their outputs (CHAPTERS="chapters/01_..." for some)"""
    python("tools/run_chapters.py", *shlex.split(setting("CHAPTERS")))


@command
def test() -> None:
    """all the tests: units, every notebook run again, the built site"""
    make_environment()
    with ThreadPoolExecutor() as pool:
        pool.submit(compile_tests)
        with_checkers()
    pytest(*NBVAL, "chapters", "tests")


@command
def test_quick() -> None:
    """the mechanisms, search, text and training on tiny models, within a minute"""
    pytest("-m", QUICK, *(f"tests/{folder}" for folder in QUICKLY))


@command
def test_unit() -> None:
    """the tests of the package, long ones too: not the site, no notebook, no problem set"""
    pytest("-m", "not notebook and not course", "--ignore", "tests/site", "tests")


@command
def test_assignments() -> None:
    """the problem sets: released, answered, run, graded"""
    pytest("tests/assignments", "tests/coursework")


@command
def test_chapters() -> None:
    """run every notebook again and compare its outputs"""
    pytest(*NBVAL, "chapters")


@command
def test_site() -> None:
    """open every page of the built site in a browser"""
    with_checkers()
    pytest("tests/site")


@command
def test_torchtext() -> None:
    """the torchtext adapters beside torch 2.3 and torchtext 0.18 (own environment, up to 5 GB)"""
    python("tools/own_environment.py", "torchtext")


@command
def test_oldest() -> None:
    """the package beside the oldest PyTorch it runs with, 2.2 (own environment, up to 5 GB)"""
    python("tools/own_environment.py", "oldest")


@command
def test_elsewhere() -> None:
    """every chapter beside other versions: test-elsewhere WITH=newest, colab, oldest or processor"""
    python("-m", "tools.chapters_elsewhere", *setting("WITH").split())


@command
def assignments() -> None:
    """the problem sets' student versions (SEED=... for a course's own, FORMAT=gradescope for its autograders too)"""
    form = ["--format", setting("FORMAT")] if setting("FORMAT") else []
    python("-m", "assignments.tooling.release", *seeded(), *form)


@command
def grade() -> None:
    """grade a folder: grade SUBMISSIONS=folder (SEED=... as in `assignments`, JOBS=4 side by side)"""
    asked("SUBMISSIONS", "Which folder? For example: make grade SUBMISSIONS=downloads/ps2")
    jobs = ["--jobs", setting("JOBS")] if setting("JOBS") else []
    python("-m", "assignments.tooling.grade", setting("SUBMISSIONS"), *seeded(), *jobs)


@command
def similarity() -> None:
    """which works of a term are most alike: similarity SUBMISSIONS=folder (SEED=..., ARCHIVE=folder of other terms)"""
    asked("SUBMISSIONS", "Which folder? For example: make similarity SUBMISSIONS=downloads/ps2")
    archive = ["--archive", setting("ARCHIVE")] if setting("ARCHIVE") else []
    tool = "assignments.tooling.similarity.run"
    python("-m", tool, setting("SUBMISSIONS"), *seeded(), *archive)


@command
def inventory() -> None:
    """a course's concept inventory, for paper, Moodle and Canvas: inventory SEED=autumn-2027"""
    asked("SEED", "Which course? For example: make inventory SEED=autumn-2027")
    python("-m", "assignments.inventory.make", *seeded())


@command
def inventory_results() -> None:
    """what answers to it show: inventory-results ANSWERS=answers.csv SEED=..."""
    for name in ("ANSWERS", "SEED"):
        asked(name, "For example: make inventory-results ANSWERS=answers.csv SEED=autumn-2027")
    python("-m", "assignments.inventory.report", setting("ANSWERS"), *seeded())


@command
def lint() -> None:
    """check the style of the code, and which folder imports which"""
    make_environment()
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")
    run("lint-imports", "--no-cache")


@command
def benchmarks() -> None:
    """measure what the book quotes from benchmarks/results (a day on one core)"""
    with_checkers()
    for line in BENCHMARKS.split(";"):
        name, *options = line.split()
        python("-m", f"benchmarks.{name}", *options)


def written(tool: str, value: str) -> None:
    """Run what writes an address, a version or a tag everywhere; any Python will do."""
    if status := subprocess.run([sys.executable, f"tools/{tool}.py", value], cwd=ROOT).returncode:
        sys.exit(status)


@command
def set_repository() -> None:
    """write a new address everywhere: set-repository URL=https://github.com/owner/name"""
    written("set_repository", setting("URL"))


@command
def set_version() -> None:
    """write a new version: set-version VERSION=0.2.0 (CONTRIBUTING.md, *A release*)"""
    written("set_version", setting("VERSION"))


@command
def set_ref() -> None:
    """make the book a release's: set-ref REF=v0.2.0; or main's again: set-ref REF=main"""
    written("set_ref", setting("REF"))


@command
def clean() -> None:
    """remove what was built (environments and benchmark runs stay; clean-all takes them too)"""
    for name in "_build build dist .pytest_cache .ruff_cache book/static/vendor".split():
        shutil.rmtree(ROOT / name, ignore_errors=True)


@command
def clean_all() -> None:
    """remove what was built, the environments and benchmark runs"""
    clean()
    for name in (".venv", ".cache"):
        shutil.rmtree(ROOT / name, ignore_errors=True)

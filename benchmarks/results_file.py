"""Results with their provenance, written after every run so that a killed benchmark goes on."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import torch
from tqdm import tqdm

import s2s_tutorial as s2s
from s2s_tutorial.base.files import write_atomically


def provenance(command: str) -> dict:
    """What computed this: command, versions, machine, day; the seeds come with the runs."""
    return {
        "command": command,
        "s2s_tutorial": s2s.__version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "machine": f"{processor_name()}, {os.cpu_count()} cores, {platform.system()}",
        "instructions": torch.backends.cpu.get_cpu_capability(),  # processors of one name differ
        "date": datetime.date.today().isoformat(),
    }


def processor_name() -> str:
    """The processor's name as the system tells it."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


class ResultsFile:
    """A JSON file of ``{"provenance", "setup", "runs"}``.

    Runs already in the file are kept if it has the same setup, and dropped otherwise. A setup that
    differs only by new entries of its ``tables`` counts as the same: the runs say which entry is theirs.
    """

    def __init__(self, path: str | Path, setup: dict, command: str, tables: Sequence[str] = ()):
        self.path = Path(path)
        setup = json.loads(json.dumps(setup))
        self.content = {"provenance": provenance(command), "setup": setup, "runs": []}
        if self.path.exists():
            before = json.loads(self.path.read_text(encoding="utf-8"))
            if _grown(before["setup"], setup, tables):
                self.content = before | {"setup": setup}
            else:
                print(f"{self.path} has another setup: starting afresh", file=sys.stderr)

    def find(self, **settings) -> dict | None:
        """The run with these settings, or None."""
        for run in self.content["runs"]:
            if all(run.get(name) == value for name, value in settings.items()):
                return run
        return None

    def add(self, run: dict) -> None:
        """Keep a run, on disk at once, one line a run.

        Raises:
            ValueError: if the file's other runs come from another machine or other versions.
        """
        ours, theirs = provenance(""), self.content["provenance"]
        if any(
            ours[name] != theirs[name] for name in ("s2s_tutorial", "torch", "python", "machine")
        ):
            raise ValueError(
                f"the runs in {self.path} were made by {theirs}; write to another file (--out), or "
                "remove this one"
            )
        self.content["runs"].append(run)
        self._write()

    def complete(
        self, jobs: Sequence[dict], run: Callable[..., dict], processes: int, what: str
    ) -> None:
        """Run the jobs that the file does not have yet, ``run(**job)``, in so many processes."""
        missing = [job for job in jobs if self.find(**job) is None]
        with ProcessPoolExecutor(processes) as pool:
            futures = [pool.submit(run, **job) for job in missing]
            for future in tqdm(as_completed(futures), total=len(futures), desc=what):
                self.add(future.result())

    def keep(self, jobs: list[dict]) -> None:
        """Drop the runs that are none of these: those of an earlier choice of settings."""
        runs = self.content["runs"]
        self.content["runs"] = [r for r in runs if any(job.items() <= r.items() for job in jobs)]
        self._write()

    def _write(self) -> None:
        seeds = sorted({run["seed"] for run in self.content["runs"]})
        self.content["provenance"]["seeds"] = seeds
        parts = [f'"{name}": {json.dumps(self.content[name])}' for name in ("provenance", "setup")]
        runs = ",\n".join(json.dumps(run) for run in self.content["runs"])
        text = "{\n" + ",\n".join([*parts, f'"runs": [\n{runs}\n]']) + "\n}\n"
        write_atomically(self.path, text.encode("utf-8"))


def _grown(before: dict, now: dict, tables: Sequence[str]) -> bool:
    """Whether both are the same but for entries that were added to these tables."""
    if before.keys() != now.keys():
        return False
    return all(
        before[name].items() <= now[name].items() if name in tables else before[name] == now[name]
        for name in now
    )


def tune_and_report(
    about: str,
    path: Path,
    setup: dict,
    train_one: Callable[..., dict],
    to_tune: Callable[[], list[dict]],
    to_report: Callable[[ResultsFile, int], list[dict]],
    seeds: int,
    tables: Sequence[str] = (),
) -> None:
    """The command of a benchmark: the sweep for the learning rates, then the runs to report.

    Args:
        about: the program's docstring, for ``--help``.
        path: the results file, unless ``--out`` names another; it is named as the program is.
        setup: what the file's runs have in common.
        train_one: makes a run from a job.
        to_tune: the jobs of the sweep.
        to_report: from the file with the sweep and a number of seeds, the jobs that count.
        seeds: how many, unless ``--seeds`` says it.
        tables: what of the setup may grow, see :class:`ResultsFile`.
    """
    parser = argparse.ArgumentParser(description=about.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=seeds)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=path)
    asked = parser.parse_args()
    file = ResultsFile(asked.out, setup, f"python -m benchmarks.{path.stem}", tables)
    file.complete(to_tune(), train_one, asked.processes, "learning rates")
    file.complete(to_report(file, asked.seeds), train_one, asked.processes, "scores")
    known = [run["seed"] for run in file.content["runs"]]
    file.keep(to_tune() + to_report(file, max(known) + 1))  # fewer seeds asked drop none

"""How fast the game of reversed letters is learnt in the page: both models, each cell, five seeds.

    python -m benchmarks.live_training                # nine minutes on one core

Strings are of up to eight letters, as in chapter 2's box, and of up to twelve, as in chapter 3's.

The code is the page's (`s2s_tutorial/live/js/training`), run by Node, whose engine is Chromium's. Times are CPU
seconds of training alone; strings that are written right are new ones, 32 of each length.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from itertools import product
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

import s2s_tutorial
from benchmarks.results_file import ResultsFile

RESULTS = Path(__file__).parent / "results" / "live_training.json"
TRAINER = Path(s2s_tutorial.__file__).parent / "live/js/training/trainer.js"
SETUP = {
    "letters": 10,
    "longest": [8, 12],
    "units": 32,
    "embedding": 16,
    "rate": 0.01,
    "updates": 400,
}
CELLS, KINDS, SEEDS = ("gru", "lstm", "rnn"), ("attention", "vector"), range(5)
LEARNT, EVERY = 0.9, 25
SCRIPT = """
const given = JSON.parse(process.argv[1]), { Trainer } = await import(given.trainer);
const { updates, ...settings } = given.setup, trainer = new Trainer({ ...settings, cell: given.cell, seed: given.seed, models: [given.kind] });
const lengths = Array.from({ length: settings.longest }, (_, n) => n + 1);
let micro = 0, right = [], learnt = null;
for (let i = 1; i <= updates; i++) {
  const start = process.cpuUsage();
  trainer.update();
  const spent = process.cpuUsage(start);
  micro += spent.user + spent.system;
  if (i % given.every) continue;
  right = lengths.map((n) => trainer.accuracy(n)[given.kind]);
  const mean = right.reduce((a, b) => a + b) / right.length;
  if (mean >= given.learnt) learnt ??= { updates: i, seconds: micro / 1e6 };
}
console.log(JSON.stringify({ learnt, right, seconds: micro / 1e6 }));
"""


def measure(cell: str, kind: str, seed: int, longest: int, setup: dict = SETUP) -> dict:
    """One run.

    Returns:
        ``learnt``: after how many updates, looked at every 25th, and CPU seconds the mean share of
        strings written right over all lengths was 0.9, or None; ``right``: that share for each
        length at the end; ``seconds``: CPU seconds of all updates.
    """
    choice = {"cell": cell, "kind": kind, "seed": seed, "longest": longest}
    given = {
        **choice,
        "setup": setup | {"longest": longest},
        "trainer": TRAINER.as_uri(),
        "learnt": LEARNT,
        "every": EVERY,
    }
    command = [compute_driver_executable()[0], "--input-type=module", "--eval", SCRIPT]
    done = subprocess.run(
        [*command, json.dumps(given)], check=True, stdout=subprocess.PIPE, text=True
    )
    return choice | json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    out = parser.parse_args().out
    results = ResultsFile(out, SETUP, "python -m benchmarks.live_training")
    for longest, cell, seed, kind in product(SETUP["longest"], CELLS, SEEDS, KINDS):
        if results.find(cell=cell, kind=kind, seed=seed, longest=longest) is None:
            results.add(measure(cell, kind, seed, longest))
            print(json.dumps(results.content["runs"][-1]), flush=True)


if __name__ == "__main__":
    main()

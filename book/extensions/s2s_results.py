"""Tables of measured numbers, made from `benchmarks/results/` when the site is built.

    ```{s2s-results} quality
    ```

so that no page holds a number that a benchmark did not write.
"""

from __future__ import annotations

import json
import re
import statistics
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from s2s_results_live import (
    live_gradients,
    live_models,
    live_parity,
    live_times,
    live_training,
    site_marks,
)
from s2s_results_translation import quality, rival


def spread(values: list[float]) -> str:
    """Mean, and the lowest and highest: for shares, whose intervals could leave 0 to 100.

    >>> spread([90.0, 97.0, 98.0])
    '95.0 (90–98)'
    """
    return f"{statistics.mean(values):.1f} ({min(values):.0f}–{max(values):.0f})"


def training_speed(content: dict) -> list[list[str]]:
    """A row a preset and way: speed, ratio, operations, share of the machine's peak, memory."""
    rows = [["preset", "how", "tokens/s", "times", "MFLOP/token", "of peak", "memory"]]
    for row in content["training"]:
        quartiles, base = row["ratio_quartiles"], row["how"] == "textbook"
        name, comma, option = row["preset"].partition(", ")
        rows.append(
            [
                f"`{name}`{comma}{option}",
                row["how"],
                f"{row['tokens_per_second']:,}",
                "1" if base else "{:.2f} ({:.2f} to {:.2f})".format(row["ratio"], *quartiles),
                f"{row['flops_per_token'] / 1e6:.0f}",
                f"{row['share_of_peak']:.0%}",
                f"{row['peak_memory_mb']:,} MB",
            ]
        )
    return rows


def decoding_speed(content: dict) -> list[list[str]]:
    """A row a way of decoding the test set: seconds, ratio to one sentence at a time."""
    decoding = content["decoding"]
    rows = [["decoding", "seconds", "times", "BLEU"]]
    for name, seconds in decoding["seconds"].items():
        bleu = f"{decoding['bleu'][name]:.1f}"
        rows.append([name, f"{seconds:.1f}", f"{decoding['ratio'][name]:.1f}", bleu])
    return rows


def processor(machine: str) -> str:
    """The processor of a machine, without the words that all of them have.

    >>> processor("Intel(R) Xeon(R) Processor, 2 cores, Linux")
    'Intel Xeon'
    """
    return re.sub(r"\(R\)|\(TM\)| Processor", "", machine.split(",")[0])


def products(content: dict) -> list[list[str]]:
    """A row a machine and setting: speed and error of a matrix product."""
    rows = [["machine", "setting", "GFLOP/s", "relative error"]]
    for each in content["machines"]:
        machine = processor(each["provenance"]["machine"])
        for row in each["products"]:
            error = f"{row['relative_error']:.0e}"
            rows.append([machine, row["setting"], str(row["gflops"]), error])
    return rows


def comparison(content: dict) -> list[list[str]]:
    """A row a preset: exact match in per cent on each corpus, and speed beside the LSTM's."""
    corpora = list(content["setup"]["corpora"])
    rows = [["preset", *corpora, "hidden", "training", "decoding"]]
    scored = [run for run in content["runs"] if run["kind"] == "score"]
    speed = [run for run in content["runs"] if run["kind"] == "speed"]
    for preset in dict.fromkeys(run["preset"] for run in scored):
        ours = [run for run in scored if run["preset"] == preset]
        sizes = sorted({run["hidden_size"] for run in ours})
        row = [f"`{preset}`"]
        for corpus in corpora:
            exact = [100 * run["exact"] for run in ours if run["corpus"] == corpus]
            row.append(spread(exact) if exact else "–")
        row.append(" to ".join(str(size) for size in dict.fromkeys((sizes[0], sizes[-1]))))
        for what in ("training", "decoding"):
            ratios = [run[what]["ratio"] for run in speed if run["preset"] == preset]
            row.append(f"{statistics.geometric_mean(ratios):.2f}")
        rows.append(row)
    return rows


def assistants(content: dict) -> list[list[str]]:
    """A row a function of the problem sets: what an assistant's answer earned."""
    rows = [["exercise", "function", "points", "of"]]
    for run in content["runs"]:
        points = (f"{run[key]:g}" for key in ("points", "of"))
        rows.append([f"{run['number']} {run['title']}", f"`{run['exercise']}`", *points])
    return rows


TABLES = {
    "assistants": ("../../tests/assignments/assistant/results.json", assistants),
    "live-gradients": ("live_parity.json", live_gradients),
    "live-parity": ("live_parity.json", live_parity),
    "live-times": ("live_times.json", live_times),
    "live-training": ("live_training.json", live_training),
    "site-marks": ("site_marks.json", site_marks),
    "comparison": ("comparison.json", comparison),
    "live-models": ("live_models.json", live_models),
    "products": ("products.json", products),
    "quality": ("quality.json", quality),
    "rival": ("rival.json", rival),
    "training-speed": ("speed.json", training_speed),
    "decoding-speed": ("speed.json", decoding_speed),
}


class Results(Directive):
    """The directive: a table, and under it what measured it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write the table as Markdown and let MyST read it."""
        name = self.arguments[0]
        if name not in TABLES:
            raise self.error(f"there is no table {name!r}; the tables are {', '.join(TABLES)}")
        file, make = TABLES[name]
        source = self.state.document.settings.env.srcdir
        path = Path(source, "benchmarks/results", file)
        self.state.document.settings.env.note_dependency(str(path))
        content = json.loads(path.read_text(encoding="utf-8"))
        head, *rows = make(content)
        lines = ["| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]]
        told = content["provenance"]
        lines += [
            "",
            f"*`{told['command']}`, torch {told['torch']}, {told['machine']}, {told['date']}.*",
        ]
        node = nodes.container(classes=["measured"])
        self.state.nested_parse(StringList(lines), self.content_offset, node)
        return [node]


def setup(app) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("s2s-results", Results)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Tables of measured numbers, made from `benchmarks/results/` when the site is built.

    ```{s2s-results} quality
    ```

so that no page holds a number that a benchmark did not write. What stands between the two lines stands before the
table.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from s2s_results_chapters import (
    ablation,
    further,
    length,
    other_tasks,
    rare_names,
    speech,
    spread,
    transformer_parts,
)
from s2s_results_live import (
    live_gradients,
    live_models,
    live_parity,
    live_times,
    live_training,
    site_marks,
)
from s2s_results_speed import decoding_speed, products, training_speed
from s2s_results_translation import quality, rival


def comparison(content: dict, later: dict) -> list[list[str]]:
    """A row a preset: exact match in per cent on each corpus, and speed beside the LSTM's.

    The second file has the systems that were added to the first one's table, beside the same LSTM.
    """
    corpora = list(content["setup"]["corpora"])
    rows = [["preset", *corpora, "hidden", "training", "decoding"]]
    for runs in (content["runs"], later["runs"]):
        for preset in dict.fromkeys(run["preset"] for run in runs if run["kind"] == "score"):
            rows.append(_compared([run for run in runs if run["preset"] == preset], corpora))
    return rows


def _compared(runs: list[dict], corpora: list[str]) -> list[str]:
    """One preset's row of the comparison."""
    scored = [run for run in runs if run["kind"] == "score"]
    row = [f"`{scored[0]['preset']}`"]
    for corpus in corpora:
        exact = [run["exact"] for run in scored if run["corpus"] == corpus]
        row.append(spread(exact) if exact else "–")
    row.append(_sizes(scored, "hidden_size"))
    if "feedforward_size" in scored[0]:
        row[-1] += f" ({_sizes(scored, 'feedforward_size')})"
    for what in ("training", "decoding"):
        ratios = [run[what]["ratio"] for run in runs if run["kind"] == "speed"]
        row.append(f"{statistics.geometric_mean(ratios):.2f}")
    return row


def _sizes(runs: list[dict], of: str) -> str:
    """The smallest and the largest."""
    sizes = sorted({run[of] for run in runs})
    return " to ".join(str(size) for size in dict.fromkeys((sizes[0], sizes[-1])))


def assistants(content: dict) -> list[list[str]]:
    """A row a function of the problem sets: what an assistant's answer earned."""
    rows = [["exercise", "function", "points", "of"]]
    for run in content["runs"]:
        points = (f"{run[key]:g}" for key in ("points", "of"))
        rows.append([f"{run['number']} {run['title']}", f"`{run['exercise']}`", *points])
    return rows


TABLES = {  # what makes it, and of which files
    "ablation": (ablation, "ablation.json"),
    "assistants": (assistants, "../../tests/assignments/assistant/results.json"),
    "comparison": (comparison, "comparison.json", "comparison_transformer.json"),
    "decoding-speed": (decoding_speed, "speed.json", "speed_avx2.json"),
    "further": (further, "further.json"),
    "length": (length, "length.json"),
    "live-gradients": (live_gradients, "live_parity.json"),
    "live-models": (live_models, "live_models.json"),
    "live-parity": (live_parity, "live_parity.json"),
    "live-times": (live_times, "live_times.json"),
    "live-training": (live_training, "live_training.json"),
    "other-tasks": (other_tasks, "other_tasks.json"),
    "products": (products, "products.json"),
    "quality": (quality, "quality.json"),
    "rare-names": (rare_names, "rare_names.json"),
    "rival": (rival, "rival.json"),
    "site-marks": (site_marks, "site_marks.json"),
    "smoothing": (speech, "speech_smoothing.json"),
    "speech": (speech, "speech.json"),
    "training-speed": (training_speed, "speed.json", "speed_avx2.json"),
    "transformer-parts": (transformer_parts, "transformer_parts.json"),
}


class Results(Directive):
    """The directive: what it holds, a table, and under it what measured it."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Write the table as Markdown and let MyST read it."""
        name = self.arguments[0]
        if name not in TABLES:
            raise self.error(f"there is no table {name!r}; the tables are {', '.join(TABLES)}")
        make, *files = TABLES[name]
        environment = self.state.document.settings.env
        paths = [Path(environment.srcdir, "benchmarks/results", file) for file in files]
        for path in paths:
            environment.note_dependency(str(path))
        contents = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
        head, *rows = make(*contents)
        lines = ["| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]]
        for told in (content["provenance"] for content in contents):
            where = ", ".join(filter(None, [told["machine"], told.get("instructions")]))
            lines += ["", f"*`{told['command']}`, torch {told['torch']}, {where}, {told['date']}.*"]
        node = nodes.container(classes=["measured"])
        self.state.nested_parse(self.content, self.content_offset, node)
        self.state.nested_parse(StringList(lines), self.content_offset, node)
        return [node]


def setup(app) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("s2s-results", Results)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

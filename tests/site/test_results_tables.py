"""The book's tables say what the result files hold."""

import json
import re
import sys

import pytest
from places import ROOT

sys.path.insert(0, str(ROOT / "book/extensions"))
import s2s_results  # noqa: E402
from s2s_results_translation import interval  # noqa: E402


def test_interval_by_hand():  # t = 4.303 for three seeds; s = 1.5275
    assert interval([1.0, 2.0, 4.0]) == "2.3 ± 3.8"


def test_a_processor_is_called_by_its_name():
    assert s2s_results.processor("Intel(R) Xeon(R) Processor, 2 cores, Linux") == "Intel Xeon"
    assert s2s_results.processor("AMD EPYC, 2 cores, Linux") == "AMD EPYC"


def test_one_seed_is_called_one_seed():
    assert interval([37.46]) == "37.5 (one seed)"


@pytest.mark.parametrize("name", s2s_results.TABLES)
def test_each_table_has_a_row_for_what_was_measured(name):
    file, make = s2s_results.TABLES[name]
    content = json.loads((ROOT / "benchmarks/results" / file).read_text(encoding="utf-8"))
    head, *rows = make(content)
    assert rows and all(len(row) == len(head) for row in rows)
    measured = {
        "assistants": lambda: {f"{run['number']} {run['title']}" for run in content["runs"]},
        "comparison": lambda: {f"`{run['preset']}`" for run in content["runs"]},
        "live-gradients": lambda: {f"`{r['cell']}`" for r in content["runs"] if "cell" in r},
        "live-parity": lambda: {f"`{r['preset']}`" for r in content["runs"] if "preset" in r},
        "live-times": lambda: {f"`{run['box']}`" for run in content["runs"]},
        "live-training": lambda: {f"`{run['cell']}`" for run in content["runs"]},
        "site-marks": lambda: {f"`{run['page']}`" for run in content["runs"]},
        "live-models": lambda: {f"`{run['name']}`" for run in content["runs"]},
        "quality": lambda: {run["recipe"] for run in content["runs"]},
        "rival": lambda: {f"{run['learning_rate']:g}" for run in content["runs"]},
        "training-speed": lambda: {
            re.sub(r"^\w+", r"`\g<0>`", row["preset"]) for row in content["training"]
        },
        "products": lambda: {
            s2s_results.processor(each["provenance"]["machine"]) for each in content["machines"]
        },
        "decoding-speed": lambda: set(content["decoding"]["seconds"]),
    }[name]()
    assert {row[0] for row in rows} == measured


def test_the_translator_of_captions_has_its_bleu():
    content = json.loads((ROOT / "benchmarks/results/live_models.json").read_text(encoding="utf-8"))
    scores = {run["name"]: run.get("bleu_exported") for run in content["runs"]}
    head, *rows = s2s_results.live_models(content)
    told = {row[0].strip("`"): row[head.index("BLEU")] for row in rows}
    assert told == {name: "–" if bleu is None else f"{bleu:.1f}" for name, bleu in scores.items()}
    assert scores["multi30k-bahdanau"] > 30


def test_what_the_page_computes_is_as_near_to_pytorch_as_was_promised():
    content = json.loads((ROOT / "benchmarks/results/live_parity.json").read_text(encoding="utf-8"))
    limits = {"logits": 1e-5, "weights": 1e-5, "gradients": 1e-4, "losses": 1e-3}
    for run in content["runs"]:
        assert all((run.get(name) or 0) < limit for name, limit in limits.items()), run


def test_the_rivals_last_row_is_of_its_reported_runs():
    content = json.loads((ROOT / "benchmarks/results/rival.json").read_text(encoding="utf-8"))
    *tried, reported = s2s_results.rival(content)[1:]
    assert [row[2] for row in tried] == ["1"] * 4 and all(row[-1] == "–" for row in tried)
    beams = [run["test_beam"] for run in content["runs"] if "test_beam" in run]
    assert reported[2] == "3" and reported[-1] == interval(beams)


def test_the_readme_tells_the_same_scores():
    content = json.loads((ROOT / "benchmarks/results/quality.json").read_text(encoding="utf-8"))
    head, *rows = [row[:5] for row in s2s_results.quality(content)]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.search(r"## What it reaches\n(.*?)\n## ", readme, re.S).group(1)
    names, _, *lines = [line for line in told.splitlines() if line.startswith("|")]
    assert names == f"| {' | '.join(head)} |"
    assert lines == [f"| {' | '.join(row)} |" for row in rows]

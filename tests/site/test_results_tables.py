"""The book's tables say what the result files hold."""

import json
import re
import sys

import pytest
from places import ROOT
from sphinx.application import Sphinx

sys.path.insert(0, str(ROOT / "book/extensions"))
import s2s_results  # noqa: E402
import s2s_results_speed  # noqa: E402
from s2s_results_translation import interval  # noqa: E402

import s2s_tutorial as s2s  # noqa: E402
from benchmarks.quality_recipes import RECIPES  # noqa: E402

RESULTS = ROOT / "benchmarks/results"
PAGE = (ROOT / "book/measured.md").read_text(encoding="utf-8")
NUMBERS = {17: "Seventeen", 18: "Eighteen", 19: "Nineteen"}


def runs_of(name):
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))["runs"]


def test_interval_by_hand():  # t = 4.303 for three seeds; s = 1.5275
    assert interval([1.0, 2.0, 4.0]) == "2.3 ± 3.8"


def test_a_processor_is_called_by_its_name():
    assert s2s_results_speed.processor("Intel(R) Xeon(R) Processor, 2 cores, Linux") == "Intel Xeon"
    assert s2s_results_speed.processor("AMD EPYC, 2 cores, Linux") == "AMD EPYC"


def test_one_seed_is_called_one_seed():
    assert interval([37.46]) == "37.5 (one seed)"


@pytest.mark.parametrize("name", s2s_results.TABLES)
def test_each_table_has_a_row_for_what_was_measured(name):
    make, *files = s2s_results.TABLES[name]
    contents = [json.loads((RESULTS / file).read_text(encoding="utf-8")) for file in files]
    content, runs = contents[0], [run for each in contents for run in each.get("runs", [])]
    head, *rows = make(*contents)
    assert rows and all(len(row) == len(head) for row in rows)
    measured = {
        "ablation": lambda: {run["row"] for run in runs},
        "assistants": lambda: {f"{run['number']} {run['title']}" for run in content["runs"]},
        "comparison": lambda: {f"`{run['preset']}`" for run in runs},
        "further": lambda: {run["way"] for run in runs},
        "length": lambda: {run["kind"] for run in runs},
        "other-tasks": lambda: set(content["setup"]["tasks"]),
        "rare-names": lambda: {f"`{run['preset']}`" for run in runs},
        "smoothing": lambda: {f"`{run['system']}`" for run in runs},
        "speech": lambda: {f"`{run['system']}`" for run in runs},
        "transformer-parts": lambda: {run["way"] for run in runs},
        "live-gradients": lambda: {f"`{r['cell']}`" for r in runs if "cell" in r},
        "live-parity": lambda: {f"`{r['preset']}`" for r in runs if "preset" in r},
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
            s2s_results_speed.processor(each["provenance"]["machine"])
            for each in content["machines"]
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


def test_speed_on_another_processor_stands_beside_its_own_row():
    here, there = (
        json.loads((RESULTS / f"speed{part}.json").read_text(encoding="utf-8"))
        for part in ("", "_avx2")
    )
    assert here["setup"] == there["setup"]
    fast, slow = (run["matrix_product_gflops"] for run in (here, there))
    assert fast["bfloat16"] > fast["float32"] and slow["bfloat16"] < slow["float32"]

    head, *rows = s2s_results_speed.training_speed(here, there)
    place = head.index(s2s_results_speed.ELSEWHERE)
    lstm = [row[place] for row in rows if row[:2] == ["`lstm`", "package"]]
    base = ["lstm, textbook", "luong_general, textbook"]  # what the two are compared with
    measured = {(row["preset"], row["how"], row["of"]): row["ratio"] for row in there["training"]}
    assert lstm == [f"{measured['lstm', 'package', of]:.2f}" for of in base]
    assert [row[place] for row in rows if row[0] == "`transformer`"] == ["–", "–"]  # came later

    head, *rows = s2s_results_speed.decoding_speed(here, there)
    told = {row[0]: row[head.index(s2s_results_speed.ELSEWHERE)] for row in rows}
    ratios = there["decoding"]["ratio"]
    assert told == {
        "one sentence at a time": "1",
        "greedy": f"{ratios['greedy']:.1f}",
        "greedy, bfloat16 weights": "–",  # not measured there
        "beam 5": f"{ratios['beam 5']:.1f}",
        "beam 5, bfloat16 weights": "–",
    }


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


def test_the_comparison_has_every_preset_but_those_that_the_page_excepts():
    compared = {
        run["preset"] for name in ("", "_transformer") for run in runs_of(f"comparison{name}")
    }
    (section,) = re.findall(r"## All systems at equal parameters\n(.*?)```", PAGE, re.S)
    (excepted,) = re.findall(r"\(all but ([^,]+),", section)
    assert set(re.findall(r"`(\w+)`", excepted)) == set(s2s.list_presets()) - compared
    assert f"{NUMBERS[len(compared)]} presets" in section
    later = {run["preset"] for run in runs_of("comparison_transformer")} - {"lstm"}
    chapter = json.loads((ROOT / "chapters/09_comparison.ipynb").read_text(encoding="utf-8"))
    words = "".join("".join(cell["source"]) for cell in chapter["cells"])
    assert all(
        re.search(preset, words, re.I) for preset in later
    )  # the table's own chapter says where


def test_every_file_of_results_is_told_on_the_page():
    """By a table of its own, or by the name of the chapter that prints its numbers."""
    tables = re.findall(r"^```\{s2s-results\} (\S+)$", PAGE, re.M)
    shown = {file for name in tables for file in s2s_results.TABLES[name][1:]}
    (printed,) = re.findall(r"^## Printed in the chapters\n(.*)\Z", PAGE, re.M | re.S)
    for row in printed.splitlines():
        for file in re.findall(r"`(\w+\.json)`", row):
            (chapter,) = re.findall(r"\.\./(chapters/\w+\.ipynb)", row)
            text = (ROOT / chapter).read_text(encoding="utf-8")
            assert re.search(rf"\b{file.removesuffix('.json')}\b", text), (chapter, file)
            shown.add(file)
    assert {path.name for path in RESULTS.glob("*.json")} <= shown
    assert set(tables) | {"assistants"} == set(s2s_results.TABLES)  # that one is of another page


def test_every_recipe_with_scores_is_explained():
    (section,) = re.findall(r"^## Translation.*?(?=^## )", PAGE, re.M | re.S)
    explained = set(re.findall(r"^- \*\*(.+?)\*\*", section, re.M))
    assert {run["recipe"] for run in runs_of("quality")} <= explained <= set(RECIPES)


def test_a_table_stands_behind_its_words(tmp_path):
    (tmp_path / "index.md").write_text(
        "# Book\n\nBefore.\n\n```{s2s-results} ablation\nWhat *each* is worth.\n```\n\nBehind.\n"
    )
    made = {"command": "python -m x", "torch": "2", "machine": "one", "date": "now"}
    made["instructions"] = "AVX2"
    runs = [{"row": "all in", "seed": 1000, "epochs": 6, "valid": 3.0}]  # chose the rate
    for seed in range(3):
        for row, passes, more in (("all in", 6, 10), ("words", 6, 0), ("all in", 18, 30)):
            scores = {"greedy": 9.0 + more + seed, "beam": 10.0 + more + seed}
            runs.append({"row": row, "seed": seed, "epochs": passes} | scores)
    (tmp_path / "benchmarks/results").mkdir(parents=True)
    file = tmp_path / "benchmarks/results/ablation.json"
    file.write_text(json.dumps({"provenance": made, "setup": {}, "runs": runs}))
    settings = {"extensions": ["myst_nb", "s2s_results"], "html_theme": "basic"}
    site = tmp_path / "_build"
    Sphinx(tmp_path, None, site, site / ".doctrees", "html", settings, status=None).build()
    page = (site / "index.html").read_text(encoding="utf-8")
    body = re.search(r"<p>Before.*?<p>Behind", page, re.S).group()
    assert "What <em>each</em> is worth." in body
    assert ", torch 2, one, AVX2, now." in body
    cells = [
        re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", body, re.S)
    ]
    assert cells[6:12] == ["all in", "6", "3", "20.0 ± 2.5", "21.0 ± 2.5", ""]
    # both have a standard deviation of 1: t(4) = 10 / sqrt(2/3); 2.776 sqrt(2/3) = 2.27
    said = "lower: -10 [-12.3, -7.73], p &lt; 0.001"
    assert cells[12:18] == ["words", "6", "3", "10.0 ± 2.5", "11.0 ± 2.5", said]
    assert cells[18:] == ["all in", "18", "3", "40.0 ± 2.5", "41.0 ± 2.5", ""]

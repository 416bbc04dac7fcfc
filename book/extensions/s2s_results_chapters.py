"""Tables of the measurements that chapters 6 and 10 to 13 read; :mod:`s2s_results` puts them on pages."""

from __future__ import annotations

import math
import statistics

from s2s_results_translation import interval

from s2s_tutorial import compare_all


def spread(shares: list[float]) -> str:
    """Mean in per cent, and the lowest and highest: intervals could leave 0 to 100.

    >>> spread([0.90, 0.97, 0.98])
    '95.0 (90–98)'
    """
    mean, low, high = (100 * f(shares) for f in (statistics.fmean, min, max))
    return f"{mean:.1f} ({low:.0f}–{high:.0f})"


def seed_by_seed(shares: list[float]) -> str:
    """Few bounded values, as they are.

    >>> seed_by_seed([1.0, 0.25])
    '1.00 0.25'
    """
    return " ".join(f"{share:.2f}" for share in shares)


def beside(groups: dict[str, list[float]], whole: str) -> dict[str, str]:
    """What each group is beside one of them, by the book's rule, corrected for being so many."""
    found = compare_all(groups, [(name, whole) for name in groups if name != whole])
    return {name: str(found[name, whole]) if name != whole else "" for name in groups}


def speech(content: dict) -> list[list[str]]:
    """A row a listener and way to focus: phoneme error rates by length, in per cent."""
    ways = {"plain": "as trained", "hard": "decided"}
    lengths = [str(k) for k in content["setup"]["joined"]]
    heads = [f"{k} in a row" for k in lengths]
    rows = [["attention", "how", "models", *heads, "1, three times"]]
    for system in dict.fromkeys(run["system"] for run in content["runs"]):
        runs = [run for run in content["runs"] if run["system"] == system]
        for way in dict.fromkeys(way for run in runs for way in run["found"]):
            found = [run["found"][way] for run in runs]
            row = [f"`{system}`", ways.get(way, way), str(len(runs))]
            for k in lengths:
                there = k in found[0]["errors"]
                row.append(spread([f["errors"][k]["rate"] for f in found]) if there else "–")
            again = [f["repeated"]["rate"] for f in found if "repeated" in f]
            rows.append([*row, spread(again) if again else "–"])
    return rows


MEASURES = {
    "sentiment": ("exact", "right labels"),
    "entities": ("f1", "entity F1"),
    "trees": ("f1", "bracket F1"),
    "facts": ("place", "right places"),
    "dialogue": ("joint", "all slots right"),
}


def other_tasks(content: dict) -> list[list[str]]:
    """A row a task and system: updates, parameters, and the task's measure seed by seed."""
    setup = content["setup"]
    rows = [["task", "system", "updates", "parameters", "measured", "seed by seed"]]
    for task in setup["tasks"]:
        measure, called = MEASURES[task.split(",")[0]]
        scored = [run for run in content["runs"] if run["task"] == task and measure in run]
        scored.sort(key=lambda run: run["seed"])
        for system in dict.fromkeys(run["system"] for run in scored):
            runs = [run for run in scored if run["system"] == system]
            updates = round(setup["tasks"][task][2] * setup["systems"][system][2])
            shares = seed_by_seed([run[measure] for run in runs])
            size = f"{runs[0]['parameters']:,}"
            rows.append([task, system, str(updates), size, called, shares])
    return rows


def transformer_parts(content: dict) -> list[list[str]]:
    """A row a way: exact match seed by seed, and what it is beside the whole."""
    rows = [["Transformer", "updates", "rate", "exact match, seed by seed", "against the whole"]]
    scored = [run for run in content["runs"] if "exact" in run]
    setup, shares = content["setup"], {}
    for run in scored:
        shares.setdefault((run["way"], run["steps"]), []).append(run["exact"])
    groups = {way: each for (way, steps), each in shares.items() if steps == setup["steps"]}
    said = beside(groups, "whole")
    for (way, steps), each in shares.items():
        rate = next(r["learning_rate"] for r in scored if (r["way"], r["steps"]) == (way, steps))
        verdict = said[way] if steps == setup["steps"] else "–"
        rows.append([way, str(steps), f"{rate:g}", seed_by_seed(each), verdict])
    return rows


def length(content: dict) -> list[list[str]]:
    """A row a model: seconds and memory at a few lengths, and exponents fitted to the longest three."""
    lengths = content["setup"]["lengths"]
    some = (lengths[2], lengths[-3], lengths[-1])
    wanted = {
        "update_seconds": ("update", 1, some),
        "kept_bytes": ("kept", 1e6, some[-1:]),
        "decoding_seconds": ("writing", 1, some[-1:]),
    }
    rows = [["model"]]
    for called, _, at in wanted.values():
        rows[0] += [f"{called}, {n:,}" for n in at] + ["power"]
    for kind in dict.fromkeys(run["kind"] for run in content["runs"]):
        runs = {run["length"]: run for run in content["runs"] if run["kind"] == kind}
        row = [kind]
        for what, (_, unit, at) in wanted.items():
            value = {n: _median(run[what]) / unit for n, run in runs.items()}
            row += [f"{value[n]:.3g}" for n in at]
            logs = [[math.log(each) for each in (n, value[n])] for n in lengths[-3:]]
            row.append(f"{statistics.linear_regression(*zip(*logs)).slope:.2f}")
        rows.append(row)
    return rows


def _median(measured: float | list[float]) -> float:
    """The middle of what was measured several times, or what was measured once."""
    return statistics.median(measured) if isinstance(measured, list) else measured


def further(content: dict) -> list[list[str]]:
    """A row a kind of training and way to decode: BLEU, what is missing, what is said twice."""
    rows = [["trained", "written by", "models", "BLEU", "words missing, %", "pairs said twice"]]
    told = {"averaged": "greedy, checkpoints averaged", "covered": "beam, coverage penalty"}
    for way in dict.fromkeys(run["way"] for run in content["runs"]):
        runs = [run for run in content["runs"] if run["way"] == way]
        scores = {
            told.get(how, how): [run[how] for run in runs]
            for how in ("greedy", "averaged", "beam", "covered")
            if how in runs[0]
        }
        for how in runs[0].get("least risk", {}):
            scores[f"{how} (150)"] = [run["least risk"][how] for run in runs]
        for how, found in scores.items():
            bleu = interval([each["bleu"] for each in found])
            missing = interval([100 * each["missing"] for each in found])
            twice = f"{statistics.mean(each['twice'] for each in found):.1f}"
            rows.append([way, how, str(len(runs)), bleu, missing, twice])
    return rows


def rare_names(content: dict) -> list[list[str]]:
    """A row a number of updates and treatment of unknown names: what is right, in per cent."""
    kinds = {"exact": "sentences", "rare_names": "rare names", "known_names": "known names"}
    rows = [["system", "unknown names", "updates", *(f"{kind}, %" for kind in kinds.values())]]
    ways = (
        ("bigru_concat", "written", "left"),
        ("bigru_concat", "replaced", "replaced"),
        ("pointer_generator", "written", "pointed at"),
    )
    for steps in content["setup"]["steps"]:
        for preset, how, called in ways:
            runs = [run for run in content["runs"] if how in run]
            found = [r[how] for r in runs if (r["preset"], r["steps"]) == (preset, steps)]
            shares = (spread([each[kind] for each in found]) for kind in kinds)
            rows.append([f"`{preset}`", called, str(steps), *shares])
    return rows


def ablation(content: dict) -> list[list[str]]:
    """A row an ingredient taken out and a number of passes: BLEU, and what it is beside the whole recipe."""
    rows = [["recipe", "passes", "seeds", "greedy", "beam 5", "against all in"]]
    runs = [run for run in content["runs"] if "beam" in run]  # the others chose the learning rate
    for passes in sorted({run["epochs"] for run in runs}):
        greedy, beam = {}, {}
        for run in runs:
            if run["epochs"] == passes:
                greedy.setdefault(run["row"], []).append(run["greedy"])
                beam.setdefault(run["row"], []).append(run["beam"])
        said = beside(beam, "all in")
        for row in sorted(beam, key=lambda row: row != "all in"):
            scores = interval(greedy[row]), interval(beam[row])
            rows.append([row, str(passes), str(len(beam[row])), *scores, said[row]])
    return rows

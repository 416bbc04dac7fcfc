"""Tables of what was measured on real captions; :mod:`s2s_results` puts them on pages."""

from __future__ import annotations

import statistics

from s2s_tutorial import mean_interval


def interval(values: list[float]) -> str:
    """Mean and 95 % interval (Student's t) over seeds; one seed is said to be one.

    >>> interval([1.0, 2.0, 3.0])
    '2.0 ± 2.5'
    >>> interval([1.0])
    '1.0 (one seed)'
    """
    if len(values) == 1:
        return f"{values[0]:.1f} (one seed)"
    mean, half = mean_interval([[value] for value in values])
    return f"{mean[0]:.1f} ± {half[0]:.1f}"


def quality(content: dict) -> list[list[str]]:
    """A row a recipe: BLEU by greedy decoding and by beam search, size, cost."""
    rows = [["recipe", "seeds", "greedy", "beam 5", "parameters", "CPU minutes"]]
    for name in dict.fromkeys(run["recipe"] for run in content["runs"]):
        runs = [run for run in content["runs"] if run["recipe"] == name]
        minutes = [run["cpu_minutes"] for run in runs if run["cpu_minutes"]]
        rows.append(
            [
                name,
                str(len(runs)),
                interval([run["test_greedy"] for run in runs]),
                interval([run["test_beam"] for run in runs]),
                f"{runs[0]['parameters'] / 1e6:.1f} million",
                f"{statistics.fmean(minutes):.0f}" if minutes else "not known",
            ]
        )
    return rows


def rival(content: dict) -> list[list[str]]:
    """A row a learning rate that was tried, then one for the runs at the best: BLEU of the recipe with one fixed vector."""
    rows = [
        ["learning rate", "passes", "seeds", "validation, greedy", "test, greedy", "test, beam 5"]
    ]
    for run in content["runs"]:
        if "test_beam" not in run:
            best = f"{max(run['valid_greedy']):.1f} (one seed)"
            rows.append([f"{run['learning_rate']:g}", str(run["epochs"]), "1", best, "–", "–"])
    runs = [run for run in content["runs"] if "test_beam" in run]
    scores = [[max(run["valid_greedy"]) for run in runs]]
    scores += [[run[name] for run in runs] for name in ("test_greedy", "test_beam")]
    about = [f"{runs[0]['learning_rate']:g}", str(runs[0]["epochs"]), str(len(runs))]
    return [*rows, [*about, *map(interval, scores)]]

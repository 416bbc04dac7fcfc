"""Tables of what was measured of the pages themselves: their models, times, trainings and marks."""

from __future__ import annotations

import statistics

READS = {"vector": "one vector", "attention": "by attention"}


def live_models(content: dict) -> list[list[str]]:
    """A row a model of the pages: size as it travels, and what its rounded weights cost."""
    rows = [
        [
            "model",
            "parameters",
            "kB, packed",
            "numbers",
            "exact match",
            "short, long, longest",
            "as trained",
            "BLEU",
            "as trained",
        ]
    ]
    for run in content["runs"]:
        rows.append(
            [
                f"`{run['name']}`",
                f"{run['parameters']:,}",
                f"{run['gzip_bytes'] / 1000:.0f}",
                run["type"],
                f"{run['exact_exported']:.3f}",
                ", ".join(f"{share:.2f}" for share in run["exact_by_length"].values()),
                f"{run['exact']:.3f}",
                *(f"{run[key]:.1f}" if key in run else "–" for key in ("bleu_exported", "bleu")),
            ]
        )
    return rows


def live_parity(content: dict) -> list[list[str]]:
    """A row a preset: how far its logits and weights are from PyTorch's, by the two ways of taking products."""
    rows = [["preset", "logits, SIMD", "logits, plain", "weights, SIMD", "weights, plain"]]
    runs = [run for run in content["runs"] if "preset" in run]
    for preset in dict.fromkeys(run["preset"] for run in runs):
        simd, plain = (
            next(run for run in runs if (run["preset"], run["simd"]) == (preset, way))
            for way in (True, False)
        )
        far = [run[name] for name in ("logits", "weights") for run in (simd, plain)]
        rows.append([f"`{preset}`", *("–" if each is None else f"{each:.0e}" for each in far)])
    return rows


def live_gradients(content: dict) -> list[list[str]]:
    """A row a cell and model of the game: how far its gradients and its losses are from PyTorch's."""
    updates = content["setup"]["updates"]
    rows = [["cell", "decoder reads", "gradients", f"loss, in {updates} updates"]]
    for run in content["runs"]:
        if "cell" in run:
            far = (f"{run[name]:.0e}" for name in ("gradients", "losses"))
            rows.append([f"`{run['cell']}`", READS[run["kind"]], *far])
    return rows


def live_times(content: dict) -> list[list[str]]:
    """A row a box and speed: what travels, and how long it takes."""
    rows = [["box", "slowed", "page, kB", "on asking, kB", "first answer, ms", "a step, ms"]]
    for run in content["runs"]:
        sizes = (f"{run[key]:.0f}" for key in ("before_kb", "asked_kb", "first_ms"))
        rows.append([f"`{run['box']}`", f"{run['slowed']} times", *sizes, f"{run['step_ms']:.1f}"])
    return rows


def live_training(content: dict) -> list[list[str]]:
    """A row a cell and model: how soon the reversed letters are learnt, and what the longest come to."""
    rows = [
        [
            "cell",
            "decoder reads",
            "letters",
            "seeds",
            "nine of ten right, after",
            "CPU seconds until then",
            "longest strings right, at the end",
        ]
    ]
    for choice in dict.fromkeys(
        (run["longest"], run["cell"], run["kind"]) for run in content["runs"]
    ):
        longest, cell, kind = choice
        runs = [
            run for run in content["runs"] if (run["longest"], run["cell"], run["kind"]) == choice
        ]
        learnt = [run["learnt"] for run in runs if run["learnt"]]
        updates, seconds = "never", "–"
        if learnt:
            after = sorted(each["updates"] for each in learnt)
            updates = " to ".join(str(each) for each in dict.fromkeys((after[0], after[-1])))
            updates += " updates" + ("" if len(learnt) == len(runs) else f" ({len(learnt)} seeds)")
            seconds = f"{statistics.median(each['seconds'] for each in learnt):.1f}"
        right = [run["right"][-1] for run in runs]
        share = f"{statistics.mean(right):.2f} ({min(right):.2f} to {max(right):.2f})"
        row = [f"`{cell}`", READS[kind], f"1 to {longest}", str(len(runs))]
        rows.append([*row, updates, seconds, share])
    return rows


def site_marks(content: dict) -> list[list[str]]:
    """A row a page: the medians of Lighthouse's four marks, and of its times and bytes."""
    kinds, runs = content["setup"]["kinds"], content["runs"]
    rows = [["page", *kinds, "first lines, s", "largest part, s", "blocked, ms", "kB"]]
    for page in content["setup"]["pages"]:
        ours = [run for run in runs if run["page"] == page]
        row = [f"`{page}`"]
        row += [f"{statistics.median(run['marks'][kind] for run in ours):.0f}" for kind in kinds]
        for audit, unit, digits in (
            ("first-contentful-paint", 1000, 1),
            ("largest-contentful-paint", 1000, 1),
            ("total-blocking-time", 1, 0),
            ("total-byte-weight", 1000, 0),
        ):
            value = statistics.median(run["audits"][audit] for run in ours)
            row.append(f"{value / unit:.{digits}f}")
        rows.append(row)
    return rows

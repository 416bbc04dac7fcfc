"""How fast training and decoding are, beside a textbook implementation on the same batches.

Multi30k de-en in words, embedding 256, hidden 512, batch 128, one thread. Every preset trains
twice, as `benchmarks.textbook` does and as the package does; `bahdanau` also with the settings
that the package recommends for a CPU. Variants take turns batch by batch, so that whatever else
the machine does disturbs them alike, and CPU time is counted, not time on the clock; on a GPU the
clock is, after synchronising.

    python -m benchmarks.speed                      # a quarter of an hour on a CPU
    python -m benchmarks.speed --presets bahdanau
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

import torch

import s2s_tutorial as s2s
from benchmarks.quality_data import Task
from benchmarks.results_file import provenance
from benchmarks.speed_decoding import measure_decoding
from benchmarks.speed_machine import (
    RECOMMENDED,
    Clock,
    flops_of_update,
    matrix_peak,
    peak_memory_mb,
)
from benchmarks.speed_training import SIZES, Variant, make_variant
from s2s_tutorial.files import write_atomically

RESULTS = Path(__file__).parent / "results" / "speed.json"
BATCH, UPDATES, WARM_UP = 128, 6, 2


def measure_training(presets: list[str], task: Task, device: str) -> list[dict]:
    """Every preset's variants, their turns mixed, each on the same batches."""
    jobs: list[tuple[str, str]] = []
    for preset in presets:
        jobs += [(preset, "textbook"), (preset, "package")]
        if preset == "bahdanau" or device != "cpu":
            jobs.append((preset, "recommended"))
    if "luong_general" in presets:
        jobs.append(("luong_general, input feeding", "package"))
    rows = []
    for preset in dict.fromkeys(preset for preset, _ in jobs):
        names = [how for p, how in jobs if p == preset]
        companions = [("lstm", "package")] if preset == "luong_general" else []
        variants = [make_variant(preset, how, task, device) for how in names]
        variants += [make_variant(p, how, task, device) for p, how in companions]
        rows += take_turns(variants, task, device)
    return rows


def take_turns(variants: list[Variant], task: Task, device: str) -> list[dict]:
    """Time each variant on the same batches, batch by batch in turn."""
    batches = [b.to(device) for _, b in zip(range(UPDATES), task.batches("train", BATCH, seed=0))]
    clock = Clock(device)
    times: dict[int, list[float]] = {k: [] for k in range(len(variants))}
    for batch in batches[:WARM_UP] + batches:
        for k, variant in enumerate(variants):
            times[k].append(clock.seconds(lambda v=variant, b=batch: v.update(b)))
    tokens = [int(b.tgt_mask.sum()) for b in batches]
    times = {k: row[WARM_UP:] for k, row in times.items()}
    rows = []
    for k, variant in enumerate(variants):
        rates = [n / t for n, t in zip(tokens, times[k])]
        flops = sum(flops_of_update(variant, b) for b in batches[:2]) / sum(tokens[:2])
        rows.append(
            {
                "preset": variant.preset,
                "how": variant.how,
                "tokens_per_second": round(statistics.median(rates)),
                "ratio": round(statistics.median(a / b for a, b in zip(times[0], times[k])), 2),
                "of": f"{variants[0].preset}, {variants[0].how}",
                "flops_per_token": round(flops),
                "share_of_peak": round(statistics.median(rates) * flops / matrix_peak(device), 3),
                "peak_memory_mb": peak_memory_mb(variant.preset, variant.how, device),
                "parameters": variant.model.parameter_count(),
            }
        )
        print(json.dumps(rows[-1]), flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--presets", nargs="+", default=list(s2s.list_presets()))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--sentences", type=int, default=1000, help="test sentences to decode")
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    task = Task("words")
    content = {
        "provenance": provenance("python -m benchmarks.speed"),
        "setup": {"batch": BATCH, "threads": 1, "device": args.device, **SIZES},
        "recommended": RECOMMENDED,
        "matrix_product_gflops": {
            name: round(matrix_peak(args.device, name) / 1e9) for name in ("float32", "bfloat16")
        },
        "training": measure_training(args.presets, task, args.device),
        "decoding": measure_decoding(task, args.sentences, args.device),
    }
    write_atomically(args.out, (json.dumps(content, indent=1) + "\n").encode())
    print(f"written to {args.out}")


if __name__ == "__main__":
    main()

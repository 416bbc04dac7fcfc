"""How fast training and decoding are, beside a textbook implementation on the same batches.

Multi30k de-en in words, embedding 256, hidden 512, batch 128, one thread. Every preset trains
twice, as `benchmarks.textbook` does and as the package does; `bahdanau`, `luong_general` and the
model without attention beside it also with the settings that the package recommends for a CPU.
Variants take turns batch by batch, and CPU time is counted, not time on the clock; on a GPU the
clock is, after synchronising. A ratio is that of the times for all batches, as for an epoch, and
stands with the quartiles of the batches' own ratios: short sentences gain less, long ones and those
of uneven lengths more.

    python -m benchmarks.speed                      # half an hour on a CPU
    python -m benchmarks.speed --presets bahdanau
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

import s2s_tutorial as s2s
from benchmarks.quality_data import Task
from benchmarks.results_file import provenance
from benchmarks.speed_decoding import measure_decoding
from benchmarks.speed_machine import (
    Clock,
    flops_of,
    in_turns,
    matrix_peak,
    times_as_fast,
)
from benchmarks.speed_training import (
    RECOMMENDED,
    SIZES,
    Variant,
    make_variant,
    peak_memory_mb,
)
from s2s_tutorial.base.files import write_atomically

RESULTS = Path(__file__).parent / "results" / "speed.json"
BATCH, UPDATES, COUNTED = 128, 16, 2


def measure_training(presets: list[str], task: Task, device: str) -> list[dict]:
    """Every preset's variants, each on the same batches."""
    rows = []
    for preset in presets:
        jobs = [(preset, "textbook"), (preset, "package")]
        if preset in RECOMMENDED["model"] or device != "cpu":
            jobs.append((preset, "recommended"))
        if preset == "luong_general":
            jobs.append(("luong_general, input feeding", "package"))
            jobs += [("lstm", "package"), ("lstm", "recommended")]
        rows += compare([make_variant(*job, task, device) for job in jobs], task, device)
    return rows


def compare(variants: list[Variant], task: Task, device: str) -> list[dict]:
    """Time the variants on the same batches, after counting what the first ones take.

    The first variant is what the others are compared with.
    """
    batches = [b.to(device) for _, b in zip(range(UPDATES), task.batches("train", BATCH, seed=0))]
    tokens = [int(b.tgt_mask.sum()) for b in batches]
    counted = sum(tokens[:COUNTED])
    flops = [sum(flops_of(v.update, b) for b in batches[:COUNTED]) / counted for v in variants]
    times = in_turns([variant.update for variant in variants], batches, Clock(device))
    rows = []
    for variant, seconds, operations in zip(variants, times, flops):
        rate = sum(tokens) / sum(seconds)
        _, quartiles = times_as_fast(times[0], seconds)
        rows.append(
            {
                "preset": variant.preset,
                "how": variant.how,
                "tokens_per_second": round(rate),
                "ratio": round(sum(times[0]) / sum(seconds), 2),
                "ratio_quartiles": quartiles,
                "of": f"{variants[0].preset}, {variants[0].how}",
                "flops_per_token": round(operations),
                "share_of_peak": round(rate * operations / matrix_peak(device), 3),
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
    one = "pointer_generator"  # has one vocabulary
    presets = [preset for preset in s2s.list_presets() if preset != one]
    parser.add_argument("--presets", nargs="+", default=presets)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--sentences", type=int, default=1000, help="test sentences to decode")
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    task = Task("words")
    content = {
        "provenance": provenance("python -m benchmarks.speed"),
        "setup": {"batch": BATCH, "updates": UPDATES, "threads": 1, "device": args.device, **SIZES},
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

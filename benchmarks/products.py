"""How fast and how exact matrix products are under PyTorch's settings for them.

    python -m benchmarks.products                   # seconds

Each product of float32 numbers, and one of bfloat16 numbers, beside the same product in float64.
The answer is the processor's, so the results file keeps one for each machine that was asked.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from benchmarks.results_file import provenance
from benchmarks.speed_machine import Clock
from s2s_tutorial.base.files import write_atomically
from s2s_tutorial.machine.precision import matmul_precision

RESULTS = Path(__file__).parent / "results" / "products.json"
ROWS, INNER, COLUMNS = 512, 1024, 512


def measure(setting: str, device: str, repeats: int = 30) -> dict:
    """Operations a second, and the largest error relative to the largest entry."""
    torch.manual_seed(0)
    a = torch.randn(ROWS, INNER, device=device)
    b = torch.randn(INNER, COLUMNS, device=device)
    exact = a.double() @ b.double()
    if setting == "bfloat16":
        a, b, setting_of_torch = a.bfloat16(), b.bfloat16(), None
    else:
        setting_of_torch = setting
    clock = Clock(device)
    with matmul_precision(setting_of_torch):
        product = a @ b
        seconds = min(clock.seconds(lambda: a @ b) for _ in range(repeats))
    error = (product.double() - exact).abs().max() / exact.abs().max()
    return {
        "setting": setting,
        "gflops": round(2 * ROWS * INNER * COLUMNS / seconds / 1e9),
        "relative_error": float(f"{error.item():.1e}"),
    }


def with_machine(before: dict, setup: dict, found: dict) -> dict:
    """The results file with one machine's answer; an older one of the same machine gives way."""
    others = before.get("machines", []) if before.get("setup") == setup else []
    name = found["provenance"]["machine"]
    others = [each for each in others if each["provenance"]["machine"] != name]
    return {"provenance": found["provenance"], "setup": setup, "machines": [*others, found]}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    settings = ("highest", "high", "medium", "bfloat16")
    setup = {"shape": [ROWS, INNER, COLUMNS], "threads": 1, "device": args.device}
    found = {
        "provenance": provenance("python -m benchmarks.products"),
        "products": [measure(setting, args.device) for setting in settings],
    }
    before = json.loads(args.out.read_text(encoding="utf-8")) if args.out.exists() else {}
    content = with_machine(before, setup, found)
    write_atomically(args.out, (json.dumps(content, indent=1) + "\n").encode())
    print(args.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()

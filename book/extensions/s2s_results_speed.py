"""Tables of speed on the page of what was measured: training, decoding, products."""

from __future__ import annotations

import re

ELSEWHERE = "times, AVX2"  # a second run, on a processor without AVX-512


def times(row: dict, digits: int, brackets: bool = True) -> str:
    """How many times as fast, and the middle half of the turns; "1" for what it is compared with.

    >>> row = {"ratio": 2.03, "ratio_quartiles": [1.58, 1.92]}
    >>> times(row, 1), times(row, 1, brackets=False)
    ('2.0 (1.6 to 1.9)', '2.0')
    """
    if row["ratio_quartiles"] == [1.0, 1.0]:
        return "1"
    total, low, high = (f"{each:.{digits}f}" for each in (row["ratio"], *row["ratio_quartiles"]))
    return f"{total} ({low} to {high})" if brackets else total


def training_speed(content: dict, elsewhere: dict) -> list[list[str]]:
    """A row a preset and way: speed, ratio here and elsewhere, operations, of the peak, memory."""
    rows = [["preset", "how", "tokens/s", "times", ELSEWHERE, "MFLOP/token", "of peak", "memory"]]
    there = {(row["preset"], row["how"], row["of"]): row for row in elsewhere["training"]}
    for row in content["training"]:
        other = there.get((row["preset"], row["how"], row["of"]))
        name, comma, option = row["preset"].partition(", ")
        rows.append(
            [
                f"`{name}`{comma}{option}",
                row["how"],
                f"{row['tokens_per_second']:,}",
                times(row, 2),
                times(other, 2, brackets=False) if other else "–",
                f"{row['flops_per_token'] / 1e6:.0f}",
                f"{row['share_of_peak']:.0%}",
                f"{row['peak_memory_mb']:,} MB",
            ]
        )
    return rows


def decoding_speed(content: dict, elsewhere: dict) -> list[list[str]]:
    """A row a way of decoding the test set: seconds, ratio to one sentence at a time, and so on."""
    decoding, there = content["decoding"], elsewhere["decoding"]
    kinds = ("ratio", "ratio_quartiles")
    rows = [["decoding", "seconds", "times", ELSEWHERE, "of peak", "BLEU"]]
    for name, seconds in decoding["seconds"].items():
        here, other = ({k: run[k].get(name) for k in kinds} for run in (decoding, there))
        rows.append(
            [
                name,
                f"{seconds:.1f}",
                times(here, 1),
                times(other, 1, brackets=False) if other["ratio"] else "–",
                f"{decoding['share_of_peak'][name]:.0%}",
                f"{decoding['bleu'][name]:.1f}",
            ]
        )
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

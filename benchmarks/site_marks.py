"""Lighthouse's marks of the built site: landing page, a chapter and *Try it*, the median of three runs each.

    make book && python -m tools.fetch_checkers
    python -m benchmarks.site_marks          # on a quiet machine: five minutes

Lighthouse computes what a mid-range phone on a slow network would need from what it saw here ("simulate"); but the time
of scripts is this machine's, times four. Beside other work the mark for performance falls to a fifth (seen: 25 at a load of
18 on two cores), so that no test asserts it; each run keeps Lighthouse's own measure of the machine's speed
(`machine`: a quiet laptop has 1,000 or more), and below `QUIET` the benchmark stops.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from urllib.parse import urlparse

import yaml

from benchmarks.results_file import ResultsFile
from tools.browser import serving
from tools.lighthouse import KINDS, PAGES, marks, report

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "site_marks.json"
SITE = ROOT / "_build/html"
QUIET = 600
AUDITS = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "total-byte-weight",
)


def measure(address: str, page: str) -> dict:
    """Return one run's marks, milliseconds and bytes."""
    found = report(address + page)
    if found["environment"]["benchmarkIndex"] < QUIET:
        sys.exit(
            "This machine is busy or slow; a mark for performance would say so, not how fast the site is."
        )
    audits = {name: round(found["audits"][name]["numericValue"]) for name in AUDITS}
    return {
        "marks": marks(found),
        "audits": audits,
        "machine": found["environment"]["benchmarkIndex"],
    }


def main() -> None:
    """Measure what is not yet in the results file."""
    setup = {"pages": PAGES, "repeats": 3, "kinds": list(KINDS), "throttling": "simulate"}
    results = ResultsFile(RESULTS, setup, "python -m benchmarks.site_marks")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    with serving(SITE, urlparse(config["html"]["baseurl"]).path) as address:
        for page in PAGES:
            for seed in range(setup["repeats"]):
                if not results.find(page=page, seed=seed):
                    results.add({"page": page, "seed": seed, **measure(address, page)})
            runs = [run["marks"] for run in results.content["runs"] if run["page"] == page]
            print(page, {kind: statistics.median(run[kind] for run in runs) for kind in KINDS})


if __name__ == "__main__":
    main()

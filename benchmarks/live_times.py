"""How fast a box answers: on this machine, and slowed four times, as a phone of the middle class is.

The built site is served here without delay, so what is measured is the browser's work: fetching from one's own
machine, reading the model, answering. Each figure is the median of five fresh windows. Sizes are of all that a page asks for,
each file packed by gzip as a host of static pages sends it.

    make book && python -m benchmarks.live_times
"""

from __future__ import annotations

import argparse
import gzip
import statistics
from pathlib import Path

from benchmarks.results_file import ResultsFile
from tools.browser import running_browser, serving

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build/html"
RESULTS = Path(__file__).parent / "results" / "live_times.json"
SETUP = {
    "windows": 5,
    "width": 390,
    "height": 844,
    "sentences": {
        "ask": "nine million four hundred and twelve thousand six hundred and fifty three",
        "try-dates": "12 mars 1987",
        "try-translate": "ein mann in einem blauen hemd steht auf einer leiter und putzt ein fenster .",
    },
}
PAGES = {"ask": "book/index.html"}  # where a box is, if not on Try it
ASK = """async ([name, text]) => {
  const box = document.getElementById(name);
  const words = () => box.querySelector(".s2s-target button");
  box.querySelector("input[type=text]").value = text;
  const begun = performance.now();
  box.querySelector(".s2s-ask").click();
  while (!words()) await new Promise(requestAnimationFrame);
  const first = performance.now() - begun;
  const ask = box.querySelector(".s2s-ask");
  while (ask.disabled) await new Promise(requestAnimationFrame); // words are still to come
  ask.click();
  await new Promise((later) => setTimeout(later, 1500));
  const steps = Math.max(...[...box.querySelectorAll(".s2s-target")].map((each) => each.childElementCount));
  const again = Number(box.querySelector(".s2s-status").textContent.match(/([\\d.]+) ms/)[1]);
  return { first, again, steps };
}"""


def measure(box: str, slowed: int) -> dict:
    """One box at one speed: bytes before and after the press, the first answer, the time of a step."""
    page, text = PAGES.get(box, "book/try_it.html"), SETUP["sentences"][box]
    found, sizes = [], []
    with running_browser(["--no-sandbox"]) as browser, serving(SITE) as address:
        for _ in range(SETUP["windows"]):
            context = browser.new_context(viewport={k: SETUP[k] for k in ("width", "height")})
            tab = context.new_page()
            asked: list[str] = []
            tab.on("request", lambda request, to=asked: to.append(request.url))
            tab.context.new_cdp_session(tab).send(
                "Emulation.setCPUThrottlingRate", {"rate": slowed}
            )
            tab.goto(address + page)
            tab.locator(f"#{box}").scroll_into_view_if_needed()
            tab.wait_for_selector(f"#{box}.s2s-ready")
            tab.wait_for_load_state("networkidle")
            before = packed(asked, address)
            found.append(tab.evaluate(ASK, [box, text]))
            sizes.append((before, packed(asked, address) - before))
            context.close()
    first, again = (statistics.median(each[k] for each in found) for k in ("first", "again"))
    return {
        "box": box,
        "slowed": slowed,
        "seed": 0,
        "before_kb": round(sizes[0][0] / 1000, 1),
        "asked_kb": round(sizes[0][1] / 1000, 1),
        "first_ms": round(first),
        "step_ms": round(again / found[0]["steps"], 2),
    }


def packed(addresses: list[str], address: str) -> int:
    """Bytes of the files behind addresses, each once, packed where packing helps."""
    total = 0
    for name in {url.removeprefix(address).split("?")[0].split("#")[0] for url in addresses}:
        path = SITE / name
        if path.is_file():
            content = path.read_bytes()
            total += min(len(content), len(gzip.compress(content, 9)))
    return total


def main() -> None:
    """Every box at both speeds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    file = ResultsFile(args.out, SETUP, "python -m benchmarks.live_times")
    jobs = [{"box": box, "slowed": slowed} for box in SETUP["sentences"] for slowed in (1, 4)]
    file.complete(jobs, measure, 1, "boxes")


if __name__ == "__main__":
    main()

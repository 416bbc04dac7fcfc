"""Pictures of the live boxes, for pages whose scripts are off: `book/static/boxes/NAME.png`. And the room of each.

    make book && python -m tools.picture_boxes          # all of them (NAMES for some): a minute and a half

Each box of the built site is opened at the width of a page, asked what it asks by itself, and photographed when it has
answered; the training box after its first 200 updates. Take them again where a box or its model has changed.

A page keeps for each box the room that it will need (`heights.json`), or the text below would jump when its script comes.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from urllib.parse import urlparse

import yaml
from lxml import html
from PIL import Image

from tools.browser import running_browser, serving
from tools.vendor_assets import ROOT

SITE = ROOT / "_build/html"
PICTURES = ROOT / "book/static/boxes"
HEIGHTS = PICTURES / "heights.json"
WIDTHS = {"desktop": 1280, "phone": 360}
COLORS = 96
PRESS = {"ask": "Ask", "beam": "Search", "training": "Train"}
ANSWERED = {
    "ask": "(box) => [...box.querySelectorAll('.s2s-panel')].every((each) => /<eos>/.test(each.textContent))",
    "beam": "(box) => box.querySelector('.s2s-ranking')",
    "training": "(box) => Number(/\\d+/.exec(box.querySelector('.s2s-training-count').textContent)) >= 200",
}

# The training box hears from its thread first.
ASKS = "(box) => box.querySelector('.s2s-training-question')?.childElementCount !== 0"


def boxes(site: Path) -> dict[str, tuple[str, str]]:
    """Return page and kind of every box of the built site, by the box's name."""
    found = {}
    for path in sorted(site.glob("[bc]*/*.html")):
        for box in html.parse(path).iterfind('.//div[@class="s2s-box"]'):
            found[box.get("id")] = path.relative_to(site).as_posix(), box.get("data-box")
    return found


def photograph(page, kind: str, name: str) -> bytes:
    """Return the PNG of a box that has answered."""
    box = page.locator(f"#{name}")
    box.scroll_into_view_if_needed()
    page.wait_for_selector(f"#{name}.s2s-ready")
    examples = (box.get_attribute("data-examples") or "").split("|")
    if kind == "ask" and len(examples) > 1:  # the second shows more than the one that stands there
        box.get_by_role("textbox").first.fill(examples[1])
    box.get_by_role("button", name=PRESS[kind]).first.click()
    page.wait_for_function(ANSWERED[kind], arg=box.element_handle(), timeout=120_000)
    if kind == "training":
        box.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(1000)
    return box.screenshot(animations="disabled")


def heights(browser, address: str, name: str) -> dict[str, int]:
    """Return the height of a box that waits for its reader, in pixels, by the size of the window."""
    found = {}
    for size, width in WIDTHS.items():
        page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        page.goto(address)
        page.locator(f"#{name}").scroll_into_view_if_needed()
        page.wait_for_selector(f"#{name}.s2s-ready")
        page.wait_for_function(ASKS, arg=page.locator(f"#{name}").element_handle())
        page.wait_for_timeout(500)
        found[size] = round(page.locator(f"#{name}").bounding_box()["height"])
        page.close()
    return found


def small(png: bytes) -> bytes:
    """Return the picture in few colours, those of its quantities among them: a third of the bytes."""
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    few = picture.quantize(COLORS, Image.Quantize.MAXCOVERAGE, kmeans=4)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def main(names: list[str]) -> None:
    """Photograph the boxes that are named, or all."""
    found = boxes(SITE)
    unknown = [name for name in names if name not in found]
    if unknown or not found:
        sys.exit(
            f"There is no box {', '.join(unknown)}; there are {', '.join(found) or 'none: make book'}."
        )
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    prefix = urlparse(config["html"]["baseurl"]).path
    PICTURES.mkdir(exist_ok=True)
    rooms = json.loads(HEIGHTS.read_text(encoding="utf-8")) if HEIGHTS.is_file() else {}
    rooms = {name: room for name, room in rooms.items() if name in found}
    hinting = ["--font-render-hinting=none"]  # letters as wide as on a screen that shows them
    with serving(SITE, prefix) as address, running_browser(hinting) as browser:
        for name in names or found:
            page_name, kind = found[name]
            size = {"width": 1000, "height": 2400}
            page = browser.new_page(viewport=size, reduced_motion="reduce")
            page.goto(address + page_name, wait_until="networkidle")
            picture = small(photograph(page, kind, name))
            (PICTURES / f"{name}.png").write_bytes(picture)
            print(f"{name:<18} {kind:<9} {len(picture) / 1000:4.0f} kB", flush=True)
            page.close()
            rooms[name] = heights(browser, address + page_name, name)
    HEIGHTS.write_text(json.dumps(rooms, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

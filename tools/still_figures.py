"""The figures to step through, as pictures: what each notebook's stored output holds for readers without scripts, and the landing page's.

A cell that shows such a figure has its name in its metadata, `"s2s": {"picture": "trace"}`; title, caption and picture are in its
output, so nothing is run. The pictures are SVG with all that they need, in the colours of a light page; Chromium makes PDFs of them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat
from lxml import html

from tools.browser import NoBrowser, running_browser
from tools.figure import Figure
from tools.run_chapters import ROOT

LANDING, RULES = ROOT / "book/figures/landing.html", ROOT / "book/static/landing.css"
INK = "#222222"  # text on white; in the page it takes the colour around it
DRAWS = re.compile(r"(\.lf|\.lf-(token|encoder|decoder|context|neck|funnel|edge|faint|ghost))\b")


def stills(path: Path) -> list[tuple[Figure, str]]:
    """Return the figures to step through of a notebook, each with the SVG of the whole picture.

    Raises:
        ValueError: if a cell shows one and its metadata have no name for it.
    """
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        shown = ["".join(o.get("data", {}).get("text/html", "")) for o in cell.get("outputs", ())]
        for text in shown:
            if 'class="s2s-still"' not in text:
                continue
            if not (name := cell.metadata.get("s2s", {}).get("picture")):
                raise ValueError(f'{path.name}: a figure without "s2s": {{"picture": NAME}}')
            found += pictures(path.stem, name, text)
    return found


def pictures(chapter: str, name: str, text: str) -> list[tuple[Figure, str]]:
    """Return the figure of an output and its picture; where one can choose among several examples, one of each."""
    page = html.fromstring(text)
    title, caption = (
        page.find_class(each)[0].text_content() for each in ("s2s-title", "s2s-step-caption")
    )
    caption = re.sub(r" Choose [^.]*\.| \(on a phone: [^)]*\)", "", caption)  # of no use on paper
    examples = page.find_class("s2s-example")
    if len(examples) < 2:
        source = page.find_class("s2s-still")[0].get("src")
        drawn = [(name, title, base64.b64decode(source.partition("base64,")[2]).decode())]
    else:
        called = [each.text_content() for each in page.iter("option")]
        drawn = [
            (f"{name}-{number}", f"{title}: {each.rstrip(' .')}", without_bars(example))
            for number, (each, example) in enumerate(zip(called, examples, strict=True), start=1)
        ]
    found = []
    for file, said, svg in drawn:
        alt = html.fromstring(svg).get("aria-label")
        found.append((Figure(chapter, file, f"{said}. {caption}", alt), light(svg)))
    return found


def without_bars(example: html.HtmlElement) -> str:
    """Return the drawing of an example as it stands before a word is chosen."""
    svg = example.find_class("s2s-wide")[0].find("svg")
    for each in [*svg.find_class("s2s-bars"), *svg.find_class("s2s-other")]:
        each.drop_tree()
    return written(svg)


def written(svg: html.HtmlElement) -> str:
    """Return an SVG that stood in HTML; reading that takes the capital letter out of viewBox."""
    text = html.tostring(svg, encoding="unicode", with_tail=False, method="xml")
    return text.replace("viewbox=", "viewBox=", 1)


def light(svg: str) -> str:
    """Return a picture whose text is dark: the grey of the stored one is for light and dark pages alike."""
    return re.sub(r'(<svg[^>]*?) color="#\w+"', rf'\1 color="{INK}"', svg, count=1)


def landing() -> list[tuple[Figure, str]]:
    """Return the two panels of the landing page, whole, with the rules of its style sheet that draw them."""
    (figure,) = html.fromstring(f"<div>{LANDING.read_text(encoding='utf-8')}</div>").iter("figure")
    values = dict(re.findall(r"(--[\w-]+):\s*([^;]+)", figure.get("style")))
    rules = drawing_rules(RULES.read_text(encoding="utf-8"), values)
    found = []
    for panel in figure.find_class("lf-panel"):
        (svg,) = panel.iter("svg")
        _, _, width, height = svg.get("viewbox").split()
        for key, value in {"width": width, "height": height, "class": "lf"}.items():
            svg.set(key, value)
        start, _, inside = written(svg).partition(">")
        start = start.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        text = f"{start}><style>{rules}</style>{inside}"
        (seen,), (title,) = svg.iter("desc"), svg.iter("title")
        name = "fig-" + panel.get("data-act")
        found.append((Figure("landing", name, f"{title.text}.", seen.text), text))
    return found


def drawing_rules(sheet: str, values: Mapping[str, str]) -> str:
    """Return the rules of the landing page's style sheet that draw, without variables and mixed colours, which only browsers know."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet.partition("/* Playing")[0], flags=re.DOTALL)
    known = dict(values)
    rules = []
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        if selectors.strip() == "figure.lf":
            known |= dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))
        elif DRAWS.match(selectors.strip()):
            body = re.sub(r"transition:[^;]*;", "", resolved(body, known))
            rules.append(f"{selectors.strip()}{{{' '.join(body.split())}}}")
    return "\n".join(rules)


def resolved(text: str, values: Mapping[str, str]) -> str:
    """Return declarations with the values of their variables, mixed colours computed and fonts in their parts.

    >>> resolved("fill: color-mix(in srgb, var(--a) 25%, var(--b, #fff)); font: italic 16px/1 serif;", {"--a": "#000000"})
    'fill: #bfbfbf; font-style: italic; font-size: 16px; font-family: serif;'
    """
    inner = re.compile(r"var\((--[\w-]+)(?:,\s*([^()]*))?\)")
    while inner.search(text):
        text = inner.sub(lambda match: values.get(match[1], match[2] or ""), text)
    text = re.sub(r"color-mix\(in srgb, (\S+) (\d+)%, (\S+)\)", mixed, text)
    return re.sub(r"font: (?:(italic) )?([\d.]+px)/1 ([^;]*);", in_parts, text)


def mixed(match: re.Match) -> str:
    """Return the colour that CSS would mix; with `transparent`, what stands on white."""
    one, other = (
        [int(each * (2 if len(each) == 1 else 1), 16) for each in re.findall(size, color[1:])]
        for color in (match[1], match[3].replace("transparent", "#ffffff"))
        for size in [".." if len(color) == 7 else "."]
    )
    share = int(match[2]) / 100
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in zip(one, other))


def in_parts(match: re.Match) -> str:
    """Return the parts of a font, which more programs read than the short form."""
    style = f"font-style: {match[1]}; " if match[1] else ""
    return f"{style}font-size: {match[2]}; font-family: {match[3]};"


def write(found: Sequence[tuple[Figure, str]], folder: Path) -> str:
    """Write pictures as SVG and PDF, those that are new; return what there is to say, or "".

    Without Chromium there are no PDFs, and it is said.
    """
    waiting = []
    for figure, svg in found:
        file = folder / f"{figure.file}.svg"
        pdf = file.with_suffix(".pdf")
        if not file.exists() or file.read_text(encoding="utf-8") != svg:
            file.write_text(svg, encoding="utf-8")
            pdf.unlink(missing_ok=True)
        if not pdf.exists():
            waiting.append((svg, pdf))
    try:
        if waiting:
            print_all(waiting)
    except NoBrowser as error:
        return f"{len(waiting)} figures to step through are there as SVG only. {error}"
    return ""


def print_all(waiting: Sequence[tuple[str, Path]]) -> None:
    """Let Chromium make a PDF of each picture, on a page of its size.

    Raises:
        NoBrowser: if there is none.
    """
    with running_browser() as browser:
        page = browser.new_page()
        for svg, pdf in waiting:
            width, height = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg).groups()
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}")
            size = {"width": f"{float(width) + 1}px", "height": f"{float(height) + 1}px"}
            page.pdf(path=pdf, print_background=True, page_ranges="1", **size)

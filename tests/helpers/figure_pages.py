"""Reading the markup of figures in tests."""

from __future__ import annotations

import contextlib
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

from s2s_tutorial.figures.style import COLORS

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "</p><script>alert(1)</script><b onclick='x'>&amp;"


class Page(HTMLParser):
    """Elements as (tag, attributes, the texts inside), and whether tags nest properly."""

    VOID = {"img", "input"}

    def __init__(self, markup):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(markup)
        self.close()
        assert not self.open, f"unclosed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), []))
        if tag not in self.VOID:
            self.open.append(self.elements[-1])

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        for _, _, texts in self.open:
            texts.append(data)

    def find(self, name, of="class"):
        """The elements of a class, or with ``of="tag"`` of a tag."""
        if of == "tag":
            return [element for element in self.elements if element[0] == name]
        return [e for e in self.elements if name in (e[1].get("class") or "").split()]

    def one(self, name):
        (element,) = self.find(name)
        return element


def opacities(markup):
    """Opacity of each step's group in a static picture."""
    groups = [element for element in ET.fromstring(markup).iter() if element.get("data-step")]
    return {int(group.get("data-step")): float(group.get("opacity", 1)) for group in groups}


def texts(element):
    """What is written in an element of a drawing, text by text."""
    return ["".join(text.itertext()) for text in element.iter(f"{SVG}text")]


def groups(figure, compact=False):
    """The drawing's steps: number -> (texts, the group); the first group where a step has several."""
    found = {}
    for group in ET.fromstring(figure.svg(compact=compact)).iter(f"{SVG}g"):
        if group.get("data-step"):
            found.setdefault(int(group.get("data-step")), (texts(group), group))
    return found


def bars_of(group, color):
    """The lengths of the bars of each vector of a colour."""
    paths = [p.get("d") for p in group.iter(f"{SVG}path") if p.get("fill") == COLORS[color]]
    return [[float(h) for h in re.findall(r"h(-?[\d.]+)", d)] for d in paths]


def lines(group):
    """The data of the arrows' lines."""
    return [p.get("d") for p in group.iter(f"{SVG}path") if p.get("class") == "s2s-line"]


def dashed(steps):
    """The steps that have a dashed line."""
    return [k for k, (_, g) in steps.items() if any(p.get("stroke-dasharray") for p in g.iter())]


def shows(widget_html, drawing):
    """Whether a picture of the widget is this one, however it is written."""
    pictures = re.findall("<svg.*?</svg>", widget_html, re.S)
    return ET.canonicalize(drawing) in map(ET.canonicalize, pictures)


def readable(figure, compact):
    """Font size in pixels where the drawing is shown."""
    width = float(ET.fromstring(figure.svg(compact=compact)).get("viewBox").split()[2])
    return 13 * min(1, (340 if compact else 700) / width)


@contextlib.contextmanager
def opened(browser, folder, *figures, **options):
    """A page 1000 pixels wide that shows figures; an error in its scripts is an error here."""
    body = "".join(figure._repr_html_() for figure in figures)
    file = folder / "page.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><body>{body}</body>", encoding="utf-8")
    page = browser.new_page(viewport={"width": 1000, "height": 900}, **options)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    yield page
    page.close()
    assert not errors


def caption(page, figure=0, name="s2s-step-caption"):
    return page.locator(f".{name}").nth(figure).inner_text()


def fits(page, width):
    """Whether nothing is wider than a screen of this width."""
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate("document.documentElement.scrollWidth") == width

"""Reading the markup of figures in tests."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser

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

"""Tokens, states, weights and contexts as the SVG kit, matplotlib and the boxes draw them, each read back from what was drawn."""

from __future__ import annotations

import re

import numpy as np
from matplotlib.colors import to_hex, to_rgba

import s2s_tutorial as s2s
from s2s_tutorial.figures.looks import LOOKS, POINT
from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.trace.pieces import draw_word
from s2s_tutorial.live.bundle import bundle, module

SRC = ["one", "two", "three", "four", "five"]
NUMBERS = [-1.0, -0.52, 0.0, 0.27, 1.0, 0.05, -0.03, 0.81]  # of a state, from its first
MEMORY = np.array([np.roll(NUMBERS, j) for j in range(5)])
WEIGHTS = np.array([[0.0, 0.25, 0.5, 0.77, 1.0], [0.1, 0.2, 0.3, 0.4, 0.0]])
CONTEXT = WEIGHTS[1] @ MEMORY
SIZE = LOOKS["vector"]["size"]
ZOOMED = 'style="zoom: 10"'  # so that a border of 1.2 pixels is not rounded to one
ANSWER = {
    "src_tokens": SRC, "memory": MEMORY.tolist(), "directions": 1, "text": "a b", "unknown": [],
    "steps": [{"token": "a", "log_prob": -0.1, "weights": row, "top": []} for row in WEIGHTS.tolist()],
    "milliseconds": 1,
}  # fmt: skip


def rgba(color, opacity=1.0):
    """A colour that each of the three would write in its own way."""
    *channels, alpha = to_rgba(color)
    return to_hex(channels), round(alpha * float(opacity), 3)


def of_css(text):
    """What a browser says: ``rgb(0, 114, 178)`` or ``color(srgb 0.46 0.46 0.46 / 0.16)``."""
    scale = 1 if "srgb" in text else 255
    red, green, blue, *alpha = map(float, re.findall(r"[\d.]+", text.replace("srgb", "")))
    return rgba((red / scale, green / scale, blue / scale), alpha[0] if alpha else 1)


def frame(fill, opacity, stroke, width, radius):
    return rgba(fill, opacity), rgba(stroke), round(float(width), 3), round(float(radius), 3)


def bars_in(path):
    """Left or right end and thickness of each bar, from the middle line, and the line's place."""
    number = r"(-?[\d.]+)"
    found = re.findall(rf"M{number} {number}h{number}v{number}H", path)
    return np.array([[float(y), float(h), float(v)] for _, y, h, v in found])


class Kit:
    """Python's SVG."""

    def token(self):
        return self.look(draw_word(30, 12, 60, "one").find("rect"))

    def vector(self, values, color):
        drawn = svg.bars(SIZE[0] / 2, SIZE[1] / 2, *SIZE, values.tolist(), color=color)
        bars, zero = drawn.findall("path")
        line = float(zero.get("stroke-width")), float(zero.get("stroke-opacity"))
        return self.look(drawn.find("rect")), rgba(bars.get("fill")), bars_in(bars.get("d")), line

    def weight(self, weight):
        rect = svg.weight_cell(0, 0, 40, 30, weight).find("rect")
        return rgba(rect.get("fill")), rgba(rect.get("stroke")), float(rect.get("stroke-width"))

    @staticmethod
    def look(rect):
        names = "fill", "fill-opacity", "stroke", "stroke-width", "rx"
        return frame(*map(rect.get, names))


class Matplotlib:
    def token(self):
        ax = s2s.plot_states(MEMORY, SRC)
        chip = ax.texts[0].get_bbox_patch()
        *fill, opacity = chip.get_facecolor()
        radius = chip.get_boxstyle().rounding_size * ax.texts[0].get_fontsize() / POINT
        return frame(fill, opacity, chip.get_edgecolor(), chip.get_linewidth() / POINT, radius)

    def vector(self, values, color):
        ax = s2s.plot_states([values], ["one"], color=color)
        (box,), (bars,), (zero,) = ax.patches, ax.collections, ax.lines
        *fill, opacity = box.get_facecolor()
        radius = box.get_boxstyle().rounding_size
        corners = np.array([path.vertices for path in bars.get_paths()])
        middle = zero.get_xdata()[0]
        top, low = -corners[:, :, 1].max(1), -corners[:, :, 1].min(1)
        ends = (corners[:, :, 0] - middle).reshape(len(values), -1)
        length = np.where(ends.max(1) > 1e-9, ends.max(1), ends.min(1))
        line = round(zero.get_linewidth() / POINT, 3), zero.get_alpha()
        look = frame(fill, opacity, box.get_edgecolor(), box.get_linewidth() / POINT, radius)
        found = np.array([top + SIZE[1] / 2, length, low - top]).T
        return look, rgba(bars.get_facecolor()[0]), found, line

    def weight(self, weight):
        ax = s2s.plot_attention([[weight]], ["one"], ["a"])
        (image,) = ax.images
        line = ax.xaxis.get_minor_ticks()[0].gridline
        fill = rgba(image.cmap(image.norm(weight)))
        return fill, rgba(line.get_color()), round(line.get_linewidth() / POINT, 3)


class Boxes:
    """The real panel of an answer, with an answer that is made up."""

    def __init__(self, page):
        self.page = page
        page.set_content(
            f'<style>{module("boxes/boxes.css")}</style><div class="s2s-box" {ZOOMED}></div>'
        )
        page.add_script_tag(content=bundle("boxes/ask.js"))
        page.evaluate(
            """(answer) => {
              const box = document.querySelector(".s2s-box"), panel = new modules["boxes/panel.js"].Panel("", () => {});
              modules["boxes/looks.js"].dress(box);
              box.append(panel.root);
              answer.passes = answer.memory[4];
              panel.show(answer, { erased: {} }, null);
              panel.choose(1);
            }""",
            ANSWER,
        )

    def style(self, selector, index=0):
        read = "each => ({...Object.fromEntries([...getComputedStyle(each)].map(n => [n, getComputedStyle(each)[n]]))})"
        return self.page.locator(selector).nth(index).evaluate(read)

    def token(self, selector=".s2s-source .s2s-token"):
        found = self.style(selector)
        width, radius = (found[f"border-top-{of}"] for of in ("width", "left-radius"))
        fill, opacity = of_css(found["background-color"])
        stroke, _ = of_css(found["border-top-color"])
        return frame(fill, opacity, stroke, width[:-2], radius[:-2])

    def vector(self, values, color):
        place = {"encoder": ".s2s-word:first-child svg", "context": ".s2s-context svg"}[color]
        svg_ = self.page.locator(f".s2s-source {place}")
        names = "fill", "fill-opacity", "stroke", "stroke-width", "rx"
        look = frame(*(svg_.locator("rect").get_attribute(name) for name in names))
        bars, zero = svg_.locator("path").all()
        line = (
            float(zero.get_attribute("stroke-width")),
            float(zero.get_attribute("stroke-opacity")),
        )
        return look, rgba(bars.get_attribute("fill")), bars_in(bars.get_attribute("d")), line

    def weight(self, weight):
        cell = self.style(".s2s-map-grid i", WEIGHTS[0].tolist().index(weight))
        color, width = re.fullmatch(
            r"(.+\)) 0px 0px 0px ([\d.]+)px inset", cell["box-shadow"]
        ).groups()
        stroke, opacity = of_css(color)
        assert opacity == LOOKS["weight"]["grid-tint"]
        return of_css(cell["background-color"]), rgba(stroke), float(width)

"""A deck of slides as it is written, `book/slides/week_N.md`, read into slides.

---
title: From text to batches
---

## Predict (3 min): Which state is off?     a slide; the word before the colon stands above it, and tints it
{{section 1 "Padding"}}                     where it stands in the book: of this slide, and of those that follow
Text, in Markdown, with $equations$.
. . .                                       a pause: what follows comes with the next key
|||                                         what follows stands in a second column (||| 3:2 says how wide each is)
{{figure 01-text-to-batches-lead}}          from the book, by name; book_parts.py has the others
Note:
What the teacher says.                      up to the next heading
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

HEAD = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)
KINDS = ("Predict", "Question", "On paper", "In pairs", "Live", "Measured", "By hand", "Take home")
KICKER = re.compile(rf"({'|'.join(KINDS)})(?: \((\d+) min\))?: (.+)")
COLUMNS = re.compile(r"\|\|\|(?: (\d):(\d))?")


class Mistake(ValueError):
    """What is wrong with a deck, with the file and the line."""

    def __init__(self, path: Path, line: int, what: object) -> None:
        super().__init__(f"{path}:{line}: {what}")


@dataclass
class Slide:
    """One slide: its parts are columns of steps, each a list of lines with their numbers."""

    line: int
    title: str
    kind: str = ""
    minutes: int = 0
    widths: tuple[int, int] = (1, 1)
    columns: list[list[list[tuple[int, str]]]] = field(default_factory=lambda: [[[]]])
    notes: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Deck:
    """A week's slides."""

    path: Path
    week: int
    title: str
    question: str
    slides: list[Slide]


def read_deck(path: Path) -> Deck:
    """Read a deck.

    Raises:
        Mistake: if its head or a slide is not as above.
    """
    text = path.read_text(encoding="utf-8")
    head = HEAD.match(text)
    said = yaml.safe_load(head[1]) if head else None
    if not isinstance(said, dict) or set(said) != {"title", "question"}:
        raise Mistake(
            path, 1, "begins with --- and the lines `title: ...` and `question: ...`, then ---"
        )
    named = re.fullmatch(r"week_(\d+)", path.stem)
    if not named:
        raise Mistake(path, 1, "a deck's file is called week_1.md, week_2.md and so on")
    first = head[0].count("\n") + 1
    slides: list[Slide] = []
    for number, line in enumerate(text[head.end() :].splitlines(), first):
        if line.startswith("## "):
            slides.append(new_slide(number, line[3:].strip()))
        elif slides:
            add(path, slides[-1], number, line)
        elif line.strip():
            raise Mistake(path, number, "a slide begins with a heading, `## Title`")
    if not slides:
        raise Mistake(path, first, "the deck has no slide; one begins with a heading, `## Title`")
    return Deck(path, int(named[1]), said["title"], said["question"], slides)


def new_slide(number: int, heading: str) -> Slide:
    """Return the slide of a heading."""
    if kicker := KICKER.fullmatch(heading):
        return Slide(number, kicker[3], kicker[1], int(kicker[2] or 0))
    return Slide(number, heading)


def add(path: Path, slide: Slide, number: int, line: str) -> None:
    """Add a line to the slide."""
    if line.strip() == "Note:":
        slide.notes.append((number, ""))
    elif slide.notes:
        slide.notes.append((number, line))
    elif line.strip() == ". . .":
        slide.columns[-1].append([])
    elif columns := COLUMNS.fullmatch(line.strip()):
        if len(slide.columns) == 2:
            raise Mistake(path, number, "a slide has two columns at most")
        slide.columns.append([[]])
        slide.widths = (int(columns[1] or 1), int(columns[2] or 1))
    else:
        slide.columns[-1][-1].append((number, line))

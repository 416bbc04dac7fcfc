"""The report on similarity: a page that a teacher reads, and a table. Both are lists to look at, not verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from assignments.tooling.similarity.pairs import Pair, Term, marked

SHOWN = 25  # pairs of a set on the page; the table has all
BARS = 20
COLUMNS = ("problem_set", "rank", "first", "second", "share", "term_pairs_as_alike", "ordinary")
SAYS = (
    "This is a list to look at, not a verdict. A pair's share is the part of the smaller work's own code that the other has too; "
    "names, comments and what was given to all do not count, and what many wrote counts little. There are innocent reasons: an exercise that leaves one way, a study group, one source that both read, a class's own "
    "habits. Read the passages, then ask both."
)
STYLE = """<style>
:root {color-scheme: light dark}
body {font: 16px/1.5 system-ui, sans-serif; max-width: 1200px; margin: 0 auto; padding: 0 16px 3em; overflow-wrap: anywhere}
h1 {font-size: 1.6em} h2 {font-size: 1.25em; margin-top: 2em}
.says {border-left: 4px solid #b34700; padding: .3em .75em; max-width: 44em}
p {max-width: 44em}
details {border-top: 1px solid #8888; padding: .4em 0}
summary {cursor: pointer; display: list-item}
summary b {display: inline-block; min-width: 3.2em; font-variant-numeric: tabular-nums}
.both {display: grid; grid-template-columns: 1fr 1fr; gap: 12px}
.both h3 {font-size: 1em; margin: .5em 0}
.both > div {min-width: 0}
pre {font-size: 13px; line-height: 1.4; overflow-x: auto; border: 1px solid #8888; padding: .5em; margin: 0}
mark {background: #ffdc7a; color: #000}
svg {max-width: 100%; height: auto; display: block}
svg rect {fill: #0072b2} svg line {stroke: currentColor} svg text {fill: currentColor; font-size: 12px}
@media (max-width: 700px) {.both {grid-template-columns: 1fr}}
</style>"""


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.0f} %"


def rows(name: str, term: Term) -> Iterator[dict]:
    """The rows of ``similarity.csv`` for a problem set."""
    for rank, pair in enumerate(term.pairs, start=1):
        yield {
            "problem_set": name,
            "rank": rank,
            "first": pair.first.label,
            "second": pair.second.label,
            "share": f"{pair.share:.4f}",
            "term_pairs_as_alike": pair.as_much,
            "ordinary": f"{term.ordinary:.4f}",
        }


def page(sets: dict[str, Term]) -> str:
    """The whole page; no script, no other host."""
    head = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Similar works</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{STYLE}</head>'
    )
    parts = [section(name, term) for name, term in sets.items()]
    return (
        f'{head}<body><main><h1>Similar works</h1><p class="says">{SAYS}</p>'
        f"{''.join(parts)}</main></body></html>\n"
    )


def section(name: str, term: Term) -> str:
    """What there is to say of a problem set: the base rate, then the pairs that are most alike."""
    parts = [f"<h2>{escape(name)}</h2>"]
    if term.shares:
        top = term.shares[min(len(term.shares) - 1, int(0.95 * len(term.shares)))]
        parts.append(
            f"<p>Of {len(term.shares)} pairs within the term the one in the middle shares {percent(term.ordinary)} of its own "
            f"code, and one in twenty shares {percent(top)} or more.</p>{bars(term.shares)}"
        )
    if term.too_little:
        names = ", ".join(escape(each.label) for each in term.too_little)
        parts.append(f"<p>Not compared, for there is too little code of their own: {names}.</p>")
    parts += [one(rank, pair, term) for rank, pair in enumerate(term.pairs[:SHOWN], start=1)]
    if len(term.pairs) > SHOWN:
        parts.append(f"<p>The other {len(term.pairs) - SHOWN} pairs stand in similarity.csv.</p>")
    return "".join(parts)


def one(rank: int, pair: Pair, term: Term) -> str:
    """One pair, to be opened: both texts side by side."""
    names = [escape(each.label) for each in (pair.first, pair.second)]
    others = f"{pair.as_much} of {len(term.shares)} pairs of the term share as much"
    summary = f"<b>{percent(pair.share)}</b> {names[0]} and {names[1]} <small>({others})</small>"
    sides = "".join(
        f'<div><h3>{label}</h3><pre tabindex="0" aria-label="Code of {label}">{text}</pre></div>'
        for label, text in zip(names, marked(pair, term.common))
    )
    number = f"{rank}. "
    return f'<details><summary>{number}{summary}</summary><div class="both">{sides}</div></details>'


def bars(shares: list[float]) -> str:
    """How many pairs of the term share how much, as a picture."""
    counts = [0] * BARS
    for share in shares:
        counts[min(BARS - 1, int(share * BARS))] += 1
    most, wide, high = max(counts), 24, 90
    boxes = "".join(
        f'<rect x="{10 + k * wide}" y="{10 + high - high * n / most:.1f}" width="{wide - 2}" height="{high * n / most:.1f}"/>'
        for k, n in enumerate(counts)
        if n
    )
    labels = "".join(
        f'<text x="{10 + k * wide * BARS / 4:.0f}" y="{high + 26}" text-anchor="middle">{25 * k} %</text>'
        for k in range(5)
    )
    base = f'<line x1="10" y1="{high + 10}" x2="{10 + wide * BARS}" y2="{high + 10}"/>'
    said = f"Pairs by what they share, in steps of {100 // BARS} %: {', '.join(map(str, counts))}"
    return (
        f'<svg viewBox="-10 0 {wide * BARS + 50} {high + 34}" width="{wide * BARS + 50}" role="img" '
        f'aria-label="{said}">{boxes}{base}{labels}</svg>'
    )

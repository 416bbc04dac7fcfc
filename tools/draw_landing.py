"""Draw the moving figure of the landing page, `book/figures/landing.html`.

    python tools/draw_landing.py            # write the file
    python tools/draw_landing.py --check    # fail if the file is not what would be written

The figure is complete without scripts: every element is drawn. With scripts, `landing.js` plays the steps:
`data-from="k"` marks an element that appears at step k, `data-now="k"` one to look at during step k.
Colours, tints and lines are the book's (`s2s_tutorial.figures.looks`); the motion is in `landing.css`.
"""

from __future__ import annotations

import argparse
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from landing_parts import arrow, curve, element, state, word

from s2s_tutorial.figures.looks import LOOKS

OUTPUT = ROOT / "book" / "figures" / "landing.html"

SOURCE = ("Stai", "attento", ",", "Thomas")
TARGET = ("Be", "careful", ",", "Thomas")
ALIGNMENT = ((0, 0), (1, 1), (2, 2), (3, 3))  # (source, target), as in the phrases corpus

X = (48, 136, 224, 312)  # column of each word
WORD_Y, STATE_Y, NECK_Y, CONTEXT_Y, DECODER_Y, OUTPUT_Y = 21, 66, 132, 160, 200, 245
WIDTH, HEIGHT = 360, 266
SUBSCRIPT = "₁₂₃₄"

CAPTIONS = (
    "The encoder reads <i>Stai</i> and writes its first state, h₁.",
    "<i>attento</i>: h₂ is made from the word and from h₁. It is no larger than h₁.",
    "The comma: h₃, and still no larger.",
    "<i>Thomas</i>: h₄, the last state. The encoder has finished.",
    "Only h₄ goes on. What the translation needs of all four words has to be in this one vector.",
    "From that vector alone the decoder starts, and writes <i>Be</i>.",
    "<i>careful</i>. The sentence itself is out of sight.",
    "The comma.",
    "<i>Thomas</i>. Four words came through. How many would? Chapter 2 measures it.",
    "Now with attention. The encoder reads in both directions and keeps every state, one for each word.",
    "Before it writes <i>Be</i>, the decoder looks back, and the weight belongs on <i>Stai</i>.",
    "<i>careful</i> comes from <i>attento</i>.",
    "The comma from the comma.",
    "<i>Thomas</i> from <i>Thomas</i>. Each word is one look away, however long the sentence.",
)


def encoder(first: int, together: bool) -> list[str]:
    """Source words and encoder states; read one at a step, or all at step ``first``."""
    parts = []
    for j, (x, text) in enumerate(zip(X, SOURCE)):
        step = first if together else first + j
        look = tuple(first + 1 + i for s, i in ALIGNMENT if s == j) if together else ()
        handed = () if together or x != X[-1] else (5,)  # the last state goes on through the neck
        parts += [
            word(x, WORD_Y, text, 0, (step, *look)),
            arrow(x, WORD_Y + 15, x, STATE_Y - 16, "token", step),
            state(x, STATE_Y, f"h{SUBSCRIPT[j]}", "encoder", step, (step, *look, *handed)),
        ]
        if j:
            parts.append(
                arrow(X[j - 1] + 22, STATE_Y, x - 22, STATE_Y, "encoder", step, both=together)
            )
    return [f'<g class="lf-source">{"".join(parts)}</g>']


def decoder(first: int) -> list[str]:
    """Decoder states and target words, one at a step."""
    parts = []
    for i, (x, text) in enumerate(zip(X, TARGET)):
        step = first + i
        if i:
            parts.append(arrow(X[i - 1] + 22, DECODER_Y, x - 22, DECODER_Y, "decoder", step))
        parts += [
            state(x, DECODER_Y, f"s{SUBSCRIPT[i]}", "decoder", step, (step,)),
            arrow(x, DECODER_Y + 16, x, OUTPUT_Y - 16, "token", step),
            word(x, OUTPUT_Y, text, step, (step,)),
        ]
    return parts


def one_vector() -> str:
    """Everything passes through the last encoder state: steps 1 to 9."""
    top, low = STATE_Y + 20, DECODER_Y - 20
    funnel = (
        f"M8 {top}C8 {top + 30} 140 {NECK_Y - 34} 140 {NECK_Y}C140 {NECK_Y + 34} 8 {low - 30} 8 {low}"
        f"H352C352 {low - 30} 220 {NECK_Y + 34} 220 {NECK_Y}C220 {NECK_Y - 34} 352 {top + 30} 352 {top}Z"
    )
    parts = [element("path", None, 5, (), d=funnel, class_="lf-funnel")]
    parts += encoder(1, together=False)
    parts.append(curve(f"M312 82C312 112 268 {NECK_Y} 215 {NECK_Y}", "encoder", 5, (5,)))
    parts.append(curve(f"M145 {NECK_Y}C92 {NECK_Y} 48 150 48 184", "decoder", 6, (6,)))
    cells = "".join(
        element("rect", x=150 + 12 * k, y=NECK_Y - 9, width=12, height=18) for k in range(5)
    )
    parts.append(element("g", cells, 5, (5, 6), class_="lf-neck"))
    parts.append(element("text", "one vector", 5, (), x=180, y=NECK_Y - 19, class_="lf-note"))
    for x, text in zip(X, SOURCE):
        way = f"--dx:{180 - x}px;--dy:{NECK_Y - WORD_Y}px"
        parts.append(element("text", text, 0, (5,), x=x, y=WORD_Y, class_="lf-ghost", style=way))
    parts += decoder(6)
    return "\n".join(parts)


def looking_back() -> str:
    """Every decoder step looks at every encoder state: steps 10 to 14."""
    parts = []
    for i, x in enumerate(X):
        for j, start in enumerate(X):
            if (j, i) not in ALIGNMENT:
                path = f"M{start} {STATE_Y + 15}L{x} {CONTEXT_Y - 14}"
                parts.append(element("path", None, 11 + i, (), d=path, class_="lf-faint"))
    for j, i in ALIGNMENT:
        path = f"M{X[j]} {STATE_Y + 15}L{X[i]} {CONTEXT_Y - 14}"
        parts.append(curve(path, "weight", 11 + i, (11 + i,)))
    parts += encoder(10, together=True)
    for i, x in enumerate(X):
        parts.append(state(x, CONTEXT_Y, f"c{SUBSCRIPT[i]}", "context", 11 + i, (11 + i,)))
        parts.append(arrow(x, CONTEXT_Y + 15, x, DECODER_Y - 16, "context", 11 + i))
    parts += decoder(11)
    return "\n".join(parts)


def panel(name: str, heading: str, title: str, description: str, body: str) -> str:
    source = " ".join(SOURCE)
    return f"""<div class="lf-panel" data-act="{name}">
<p class="lf-heading">{heading}</p>
<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="lf-{name}-title lf-{name}-desc">
<title id="lf-{name}-title">{escape(title.format(source=source))}</title>
<desc id="lf-{name}-desc">{escape(description)}</desc>
{body}
</svg>
</div>"""


def draw() -> str:
    """The whole HTML fragment, the same on every run."""
    first = panel(
        "vector",
        "Through one vector",
        "{source} translated through one vector",
        "Four source words are read into encoder states h1 to h4, left to right. Only h4, one vector, passes a "
        "narrow neck to the decoder, whose states s1 to s4 write Be, careful, comma, Thomas.",
        one_vector(),
    )
    second = panel(
        "attention",
        "Looking back",
        "{source} translated with attention",
        "The same words and states, with no neck. Before each target word the decoder can look at all four encoder "
        "states. A bold line joins each pair that the gold alignment joins: Stai and Be, attento and careful, comma "
        "and comma, Thomas and Thomas. It ends in a context c1 to c4, which enters the decoder state below it.",
        looking_back(),
    )
    looks = dict(LOOKS["colors"])
    for kind in ("token", "vector"):
        looks[f"{kind}-tint"] = f"{100 * LOOKS[kind]['tint']:g}%"
        looks[f"{kind}-stroke"] = LOOKS[kind]["stroke"]
    style = ";".join(f"--s2s-{name}:{value}" for name, value in looks.items())
    captions = "\n".join(f"<li>{text}</li>" for text in CAPTIONS)
    return f"""<!-- Drawn by tools/draw_landing.py; change it there. -->
<link rel="stylesheet" href="../_static/landing.css">
<figure class="lf" style="{style}" aria-label="One sentence, translated through one vector and with attention">
<div class="lf-panels">
{first}
{second}
</div>
<div class="lf-player" hidden>
<button type="button" class="lf-back" aria-label="One step back">&#x2039;</button>
<button type="button" class="lf-play">Play</button>
<button type="button" class="lf-next" aria-label="One step on">&#x203a;</button>
<input type="range" class="lf-range" min="0" max="{len(CAPTIONS)}" value="0" aria-label="Step; 0 shows the whole picture">
<p class="lf-caption" aria-live="off"></p>
</div>
<ol class="lf-captions" hidden>
{captions}
</ol>
<figcaption>One sentence, translated twice. <span class="lf-key lf-key-encoder">Encoder states</span> hold what has
been read, <span class="lf-key lf-key-decoder">decoder states</span> what is being written,
<span class="lf-key lf-key-context">contexts</span> what was found by looking back. The bold
<span class="lf-key lf-key-weight">lines</span> are the gold alignment of this pair, which word translates which; they
are what one would want, not the weights of a trained model. Those come in chapter 3.</figcaption>
</figure>
<script src="../_static/landing.js" defer></script>
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="compare with the stored file instead of writing it"
    )
    arguments = parser.parse_args()
    drawn = draw()
    if arguments.check:
        if not OUTPUT.exists() or OUTPUT.read_text(encoding="utf-8") != drawn:
            print(f"{OUTPUT.relative_to(ROOT)} is out of date: run python tools/draw_landing.py")
            return 1
        return 0
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(drawn, encoding="utf-8")
    print(f"wrote {OUTPUT.relative_to(ROOT)}, {len(drawn)} characters")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The book's colours and figure style, one source for matplotlib and for the HTML figures.

One colour a quantity, in every chapter, from the set of Okabe and Ito, which readers with any common
colour-vision deficiency can tell apart: encoder states blue, decoder states vermillion, the context
bluish green, tokens and embeddings grey, the thing to look at now orange. Attention weights have a
sequential map of one hue from 0 to 1: equal steps of OKLCH lightness from 0.975 to 0.30, hue 345 to
318 degrees, and reddish purple where one colour must do. Text is legible on white and on the book's
dark background. The colours are written down with the shapes (:mod:`s2s_tutorial.figures.looks`).
"""

from __future__ import annotations

import sys

import matplotlib as mpl
from cycler import cycler
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb

from s2s_tutorial.figures.looks import LOOKS

COLORS: dict[str, str] = LOOKS["colors"]
"""Colour of each quantity, ``#RRGGBB``."""

WEIGHTS_CMAP = LinearSegmentedColormap.from_list(
    "s2s_weights", LOOKS["weight"]["scale"], N=LOOKS["weight"]["steps"]
)
"""Colour map of attention weights; always use it with ``vmin=0, vmax=1``."""

_LINES = ("encoder", "decoder", "context", "weights", "now", "other")
_DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
_MARKERS = ("o", "s", "^", "D", "v", "P")

_RC = {
    "figure.figsize": (5.2, 3.3),
    "figure.dpi": 100,
    "figure.facecolor": "none",
    "figure.edgecolor": "none",
    "savefig.facecolor": "none",
    "savefig.edgecolor": "none",
    "savefig.bbox": "tight",
    "axes.facecolor": "none",
    "axes.edgecolor": COLORS["text"],
    "axes.labelcolor": COLORS["text"],
    "axes.titlecolor": COLORS["text"],
    "axes.titlesize": "medium",
    "axes.titleweight": "bold",
    "axes.titlepad": 10.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "axes.prop_cycle": cycler(color=[COLORS[name] for name in _LINES])
    + cycler(linestyle=_DASHES)
    + cycler(marker=_MARKERS),
    "text.color": COLORS["text"],
    "xtick.color": COLORS["text"],
    "ytick.color": COLORS["text"],
    "xtick.labelsize": "small",
    "ytick.labelsize": "small",
    "grid.color": COLORS["text"],
    "grid.alpha": 0.25,
    "grid.linewidth": 0.6,
    "grid.linestyle": "-",
    "hatch.color": COLORS["text"],
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": "small",
    "legend.handlelength": 2.8,
    "lines.linewidth": 1.8,
    "lines.markersize": 5.0,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # ships with matplotlib: the same figure on every machine
    "font.size": 11.5,
    "mathtext.fontset": "dejavusans",
    "svg.hashsalt": "s2s-tutorial",
    "svg.fonttype": "path",
}


def use_style() -> None:
    """Make every later matplotlib figure follow the book's style.

    Backgrounds are transparent and text is a grey that reads on white and on the book's dark
    background. Lines differ in colour, dash and marker. SVG output is the same on every run. In a
    notebook figures are shown as PNG at twice the resolution. Calling it again changes nothing.

    Example:
        >>> with mpl.rc_context():  # only so that the example leaves no trace
        ...     use_style()
        ...     mpl.rcParams["axes.prop_cycle"].by_key()["color"][0] == COLORS["encoder"]
        True
    """
    mpl.rcParams.update(_RC)
    _use_sharp_inline_figures()


def _use_sharp_inline_figures() -> None:
    """In a Jupyter kernel, show figures as PNG at 2x; elsewhere do nothing."""
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    if getattr(get_ipython(), "kernel", None) is None:
        return
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    set_matplotlib_formats("retina", bbox_inches="tight", facecolor="none")


def luminance(color: str) -> float:
    r"""Relative luminance of a colour, as WCAG 2.2 defines it.

    .. math:: L = 0.2126\,R + 0.7152\,G + 0.0722\,B

    with the channels linearised.

    Args:
        color: any matplotlib colour, such as ``"#0072B2"``.

    Returns:
        A number from 0 (black) to 1 (white).

    Raises:
        ValueError: if it is no colour.
    """
    channels = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color))
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), channels))


def contrast(color: str, background: str) -> float:
    r"""Contrast ratio of two colours, :math:`(L_1 + 0.05) / (L_2 + 0.05)`, as WCAG 2.2 defines it.

    Args:
        color: any matplotlib colour.
        background: any matplotlib colour.

    Returns:
        A number from 1 (the same) to 21 (black on white).

    Raises:
        ValueError: if either is no colour.
    """
    low, high = sorted((luminance(color), luminance(background)))
    return (high + 0.05) / (low + 0.05)


def text_color_on(background: str) -> str:
    """Black or white, whichever reads better on the background.

    Args:
        background: any matplotlib colour.

    Returns:
        ``"#000000"`` or ``"#FFFFFF"``.

    Raises:
        ValueError: if it is no colour.
    """
    return max(("#000000", "#FFFFFF"), key=lambda color: contrast(color, background))


def weight_color(weight: float) -> str:
    """The colour of one attention weight on :data:`WEIGHTS_CMAP`.

    Args:
        weight: a number from 0 to 1.

    Returns:
        The colour as ``#rrggbb``.

    Raises:
        ValueError: if the weight lies outside 0 to 1.
    """
    if not 0.0 <= weight <= 1.0:
        raise ValueError(f"an attention weight lies between 0 and 1, but this one is {weight}")
    return to_hex(WEIGHTS_CMAP(float(weight)))


CSS: str = (
    ".s2s-figure{" + "".join(f"--s2s-{name}:{value};" for name, value in COLORS.items()) + "}"
)
"""The colours as CSS variables, ``var(--s2s-encoder)`` and so on, inside ``.s2s-figure``."""

"""Attention to play with: choose a target word, see which source words it looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.plotting.arrays import check_labelled
from s2s_tutorial.figures.widgets.attention.drawing import Example, drawings
from s2s_tutorial.figures.widgets.attention.markup import PACE, captions, live_figure, still_html
from s2s_tutorial.figures.widgets.kernel import player
from s2s_tutorial.figures.widgets.shell import check_step_number
from s2s_tutorial.figures.widgets.svg import to_html, to_svg

if TYPE_CHECKING:
    import ipywidgets

_TITLE = "Which source words each target word looks at"


class AttentionExplorer:
    r"""Two sentences and the weights :math:`\alpha_{ij}` between them, to be explored.

    The source stands above the target (on phones, and where sentences are long, beside it), a link
    for every weight, the thicker the larger. Hovering over a target word, tapping it, or the arrow
    keys and the slider show its row of weights: as bars with numbers at the source words, and as
    tints of them. Several examples, such as heads, models or sentences, share one figure with a list
    to choose from.

    As the last expression of a cell it shows itself, the same on the book's site, in Colab,
    JupyterLab and VS Code: one self-contained ``<div>`` that asks no host for anything and depends
    on nothing but its content. Without scripts all links are drawn and the numbers stand in a table.

    >>> explorer = AttentionExplorer(["Stai", "attento"], ["Be", "careful"], [[0.8, 0.2], [0.1, 0.9]])
    >>> explorer.captions()[2]
    '“careful” looks at “attento” .90, “Stai” .10.'

    Args:
        src_tokens: the ``S`` source tokens.
        tgt_tokens: the ``T`` target tokens.
        weights: ``(T, S)``, each between 0 and 1: nested lists, an array or a tensor. Or several of
            them by name, such as ``{"head 1": ..., "head 2": ...}``.
        title: heading of the figure.

    Raises:
        TypeError: if the weights are no numbers or the tokens no list of strings.
        ValueError: if a shape does not fit the tokens, or a weight lies outside 0 to 1.
    """

    def __init__(
        self,
        src_tokens: Sequence[str],
        tgt_tokens: Sequence[str],
        weights: Any,
        title: str = _TITLE,
    ) -> None:
        named = weights if isinstance(weights, Mapping) else {"attention": weights}
        if not named:
            raise ValueError("weights are empty: give one array, or several by name")
        self.title = title
        self._examples = {
            str(name): _example(src_tokens, tgt_tokens, values) for name, values in named.items()
        }

    @classmethod
    def from_examples(
        cls, examples: Mapping[str, Sequence[Any]], title: str = _TITLE
    ) -> AttentionExplorer:
        """Several examples in one figure, each with words of its own.

        >>> AttentionExplorer.from_examples({"one": (["a"], ["b"], [[1.0]])}).names
        ['one']

        Args:
            examples: by name, ``(src_tokens, tgt_tokens, weights)`` each.
            title: heading of the figure.

        Raises:
            TypeError: as for the class.
            ValueError: as for the class, or if there is no example.
        """
        if not examples:
            raise ValueError("there is no example: the figure needs at least one")
        made = cls.__new__(cls)
        made.title = title
        made._examples = {str(name): _example(*each) for name, each in examples.items()}
        return made

    @classmethod
    def from_translation(cls, *translations: Any, title: str = _TITLE) -> AttentionExplorer:
        """What a :class:`~s2s_tutorial.Translator` found, one example a translation.

        Args:
            *translations: each with ``src_tokens``, ``tokens`` and ``weights``.
            title: heading of the figure.

        Raises:
            TypeError: if one is not a translation.
            ValueError: if a translation has no weights or no tokens, saying why.
        """
        examples = {}
        for k, each in enumerate(translations, start=1):
            if not hasattr(each, "weights"):
                raise TypeError(
                    "give translations one by one, such as from_translation(*found), not a "
                    f"{type(each).__name__}"
                )
            if not each.src_tokens:
                raise ValueError("the source of this translation is empty: there is nothing to see")
            if each.weights is None:
                raise ValueError(
                    "this translation has no attention weights: its model has no attention. Take one "
                    "from a model that has, such as the preset 'bahdanau'"
                )
            if not each.tokens:
                raise ValueError("this translation is empty: there is nothing to look at")
            name = f"{k}. {' '.join(each.tokens)}" if len(translations) > 1 else "attention"
            examples[name] = (each.src_tokens, each.tokens, each.weights)
        return cls.from_examples(examples, title)

    @property
    def names(self) -> list[str]:
        """The names of the examples, the one shown first first."""
        return list(self._examples)

    def captions(self, name: str | None = None) -> list[str]:
        """What is to be seen at each step, in words: the whole, then each target word.

        Args:
            name: the example; the first if None.
        """
        return captions(self._one(name))

    def svg(self, step: int = 0, name: str | None = None, *, compact: bool = False) -> str:
        """A picture that needs no script and no style sheet.

        >>> explorer = AttentionExplorer(["x"], ["y"], [[1.0]])
        >>> explorer.svg(1).startswith("<svg") and "1.00" in explorer.svg(1)
        True

        Args:
            step: 0 for all links, or 1 to the number of target words for one word's weights.
            name: the example; the first if None.
            compact: take the drawing for small screens, if there is one.

        Returns:
            SVG markup.

        Raises:
            IndexError: if there is no such step.
            KeyError: if there is no such example.
        """
        example = self._one(name)
        check_step_number(step, len(example.tgt))
        made = drawings(example, step)
        return to_svg(made.get("compact" if compact else "wide", made["wide"]))

    def _repr_html_(self) -> str:
        return to_html(live_figure(self.title, self._examples))

    def fragment(self) -> Element:
        """The figure for a page of many: see :func:`s2s_tutorial.figures.widgets.attention.markup.html_page`."""
        return live_figure(self.title, self._examples, alone=False)

    def widget(self) -> ipywidgets.VBox:
        """The figure as a Jupyter widget: a list of the examples, play, a slider, and the picture.

        It needs a running kernel (JupyterLab, Colab, VS Code), which draws every step anew.

        Returns:
            A box of controls above the picture.
        """
        steps = {name: len(example.tgt) for name, example in self._examples.items()}

        def draw(name: str, step: int) -> str:
            return still_html(self.title, self._examples[name], step)

        return player(draw, steps, PACE, "word")

    def _one(self, name: str | None) -> Example:
        if name is None:
            return next(iter(self._examples.values()))
        if name not in self._examples:
            raise KeyError(f"there is no example {name!r}; there are {', '.join(self._examples)}")
        return self._examples[name]


def _example(src_tokens: Sequence[str], tgt_tokens: Sequence[str], weights: Any) -> Example:
    array, src, tgt = check_labelled(weights, src_tokens, tgt_tokens)
    return Example(src, tgt, array)

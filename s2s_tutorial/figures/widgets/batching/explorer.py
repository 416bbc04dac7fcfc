"""Batches to play with: the same sentences padded in two orders, each to be touched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.widgets import shell
from s2s_tutorial.figures.widgets.batching.cuts import (
    Row,
    make_cuts,
    sentence_caption,
    sentence_name,
    step_captions,
)
from s2s_tutorial.figures.widgets.batching.drawing import draw_panels, with_framed_row
from s2s_tutorial.figures.widgets.kernel import player
from s2s_tutorial.figures.widgets.step_figure import StepFigure
from s2s_tutorial.figures.widgets.svg import at_step, element, shown, to_html, to_svg
from s2s_tutorial.text.pairs import Pair
from s2s_tutorial.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    import ipywidgets

_ORDERS = "corpus order", "by length"
_SHEETS = "attention/explorer.css", "batching/explorer.css"  # the list and the tables are its


class BatchExplorer(StepFigure):
    """A figure to step through: sentences are cut into batches, padded, masked, then sorted by length.

    Two panels show the same source sentences as :func:`make_batches` cuts them without ``bucket``,
    in the order of the corpus, and with it, by length. Touching a sentence, or choosing it from the
    list, frames it in both and shows its ids and its mask.

    As the last expression of a cell it shows itself, as a :class:`StepFigure` does. Without scripts
    the whole picture stands, and every sentence's ids and mask in a table.

    Args:
        pairs: two to 24 pairs; the longest source has 14 tokens at most.
        src_vocab: vocabulary of the source side.
        tgt_vocab: vocabulary of the target side.
        batch_size: pairs in a batch.
        title: heading of the figure.

    Raises:
        TypeError: as for :func:`make_batches`.
        ValueError: if there is no room for the pairs; and as for :func:`make_batches`.

    Example:
        >>> vocab = Vocabulary(["a"])
        >>> pairs = [Pair(("a",) * n, ("a",)) for n in (1, 3, 1, 3)]
        >>> explorer = BatchExplorer(pairs, vocab, vocab, batch_size=2)
        >>> explorer.captions[2][-19:], explorer.captions[5][-19:]
        ('4 of 12 cells, 33%.', ': 0 of 8 cells, 0%.')
        >>> explorer.sentence_caption(0)
        '1. a: ids 4. In the order of the corpus 2 zeros follow, mask 1 0 0; by length no padding follows, mask 1.'
    """

    def __init__(
        self,
        pairs: Sequence[Pair],
        src_vocab: Vocabulary,
        tgt_vocab: Vocabulary,
        batch_size: int = 4,
        title: str = "The same sentences, cut into batches in two orders",
    ) -> None:
        cuts = self._cuts = make_cuts(pairs, src_vocab, tgt_vocab, batch_size)
        overview, captions = step_captions(cuts)
        wide, compact = draw_panels(cuts, compact=False), draw_panels(cuts, compact=True)
        super().__init__(wide, captions, title=title, overview=overview, compact=compact)

    @property
    def names(self) -> list[str]:
        """The sentences by number and tokens, as the list has them."""
        return [sentence_name(self._cuts, k) for k in range(len(self._cuts.sources))]

    def sentence_caption(self, sentence: int) -> str:
        """A sentence, its ids and its mask in either order, in words.

        Args:
            sentence: its number, from 0.

        Raises:
            IndexError: if there is no such sentence.
        """
        self._check(sentence)
        return sentence_caption(self._cuts, sentence)

    def svg(self, step: int = 0, sentence: int | None = None, *, compact: bool = False) -> str:
        """The drawing as it stands at one step, a picture that needs no script and no style sheet.

        Args:
            step: 0 for the whole picture, or 1 to ``steps``.
            sentence: the number of the one to be framed, from 0; none if None.
            compact: take the drawing for small screens.

        Returns:
            SVG markup.

        Raises:
            IndexError: if there is no such step or sentence.
        """
        shell.check_step_number(step, self.steps)
        made = at_step(self._drawings["compact" if compact else "wide"], step)
        if sentence is not None:
            self._check(sentence)
            made = with_framed_row(made, sentence)
        return to_svg(made)

    def _check(self, sentence: int) -> None:
        last = len(self._cuts.sources) - 1
        if not 0 <= sentence <= last:
            raise IndexError(f"sentences are numbered 0 to {last}, but {sentence} was asked")

    def _repr_html_(self) -> str:
        options = [element("option", name, value=str(k)) for k, name in enumerate(self.names)]
        choice = element("select", *options, class_="s2s-sentence-choice")
        tables = [self._table(k) for k in range(len(options))]
        figure = self._live(
            element("div", class_="s2s-sentence", style=shell.HIDDEN),
            element("template", *tables, class_="s2s-sentences"),
            above=[element("label", "Sentence ", choice, class_="s2s-choose", style=shell.HIDDEN)],
            listed=[shell.folded("All sentences with ids and masks", self._all())],
            more_captions=[sentence_caption(self._cuts, k) for k in range(len(options))],
            kind="s2s-batches",
            sheets=_SHEETS,
            scripts=["batching/explorer.js"],
        )
        return to_html(figure)

    def _all(self) -> Element:
        """Every sentence with its ids and both its masks, a row each."""
        head = [
            element("th", name, scope="col")
            for name in ("", "ids", *map("mask, {}".format, _ORDERS))
        ]
        body = []
        for k, name in enumerate(self.names):
            rows = [cut.row(k) for cut in (self._cuts.plain, self._cuts.sorted)]
            cells = [rows[0].ids[: sum(rows[0].mask)], *(row.mask for row in rows)]
            found = (element("td", " ".join(map(str, values))) for values in cells)
            body.append(element("tr", element("th", name, scope="row"), *found))
        table = element("table", element("thead", element("tr", *head)), element("tbody", *body))
        return element("div", table, class_="s2s-table")

    def _table(self, sentence: int) -> Element:
        """A sentence's tokens, ids and masks, cell by cell."""
        plain, by_length = (cut.row(sentence) for cut in (self._cuts.plain, self._cuts.sorted))
        tokens = [*map(shown, self._cuts.sources[sentence])]
        columns = max(len(plain.ids), len(by_length.ids))
        rows = [("token", tokens), *_lines(_ORDERS[0], plain), *_lines(_ORDERS[1], by_length)]
        body = [
            element(
                "tr",
                element("th", name, scope="row"),
                *(element("td", words, dir="auto") for words in cells),
                *(element("td") for _ in range(columns - len(cells))),
            )  # fmt: skip
            for name, cells in rows
        ]
        title = element("caption", sentence_name(self._cuts, sentence))
        caption = sentence_caption(self._cuts, sentence)
        table = element("table", title, element("tbody", *body))
        return element("div", table, class_="s2s-table", data_caption=caption)

    def widget(self) -> ipywidgets.VBox:
        """The figure as a Jupyter widget: a list of the sentences, play, a slider, and the picture.

        It needs a running kernel (JupyterLab, Colab, VS Code), which draws every step anew.

        Returns:
            A box of controls above the picture.
        """
        names = self.names

        def draw_anew(name: str, step: int) -> str:
            return self._still(step, names.index(name))

        return player(draw_anew, dict.fromkeys(names, self.steps), self.interval, "step")

    def _still(self, step: int, sentence: int = 0) -> str:
        drawings = {
            name: with_framed_row(at_step(made, step), sentence)
            for name, made in self._drawings.items()
        }
        figure = shell.figure(
            self.title,
            shell.scroll(*shell.pictures(drawings)),
            self._table(sentence),
            shell.caption(self.captions[step], self.captions),
            sheet=shell.style_sheet(*_SHEETS),
            own={"": drawings},
        )
        return to_html(figure)


def _lines(order: str, row: Row) -> list[tuple[str, list[str]]]:
    ids, mask = ([*map(str, values)] for values in (row.ids, row.mask))
    return [(f"ids, {order}", ids), ("mask", mask)]

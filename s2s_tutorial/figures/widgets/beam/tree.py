"""A beam search as a tree to open and close: what was tried, what was kept, what was dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from s2s_tutorial.figures.plotting.arrays import check_labels
from s2s_tutorial.figures.widgets.beam.markup import Card, live_html, still_html
from s2s_tutorial.search.sentence import SearchNode, length_penalty_factor

if TYPE_CHECKING:
    import ipywidgets

_TITLE = "What the beam tried, kept and dropped"


class BeamTree:
    r"""The search tree of one sentence, one column a step, to be expanded node by node.

    Each node is a token after the ones on its left, with the log-probability of them all. A node
    that the search went on from has a solid frame and an arrow, one that ended in ``<eos>`` a double
    frame, a tick and its score, one that was dropped a dashed frame and a cross. Clicking a node,
    or Enter, opens and closes what follows it; the arrow keys walk through the tree. Where
    six columns do not fit, as on phones, the tree stands as an indented outline. A tall tree scrolls
    in its own box, so that a node and what is said of it are on one screen.

    As the last expression of a cell it shows itself, the same on the book's site, in Colab,
    JupyterLab and VS Code: one self-contained ``<div>`` that asks no host for anything and depends
    on nothing but its content. Without scripts the whole tree is drawn; without a style sheet it is a
    list of lists.

    Args:
        nodes: an entry of ``beam_search(..., trace=True).trees``.
        tokens: the target vocabulary's tokens by id, ``vocab.tokens``.
        length_penalty: the exponent :math:`\alpha` that the search was given; the score of a finished
            translation :math:`Y` is :math:`\log p(Y \mid x) / \mathrm{lp}(Y)`.
        title: heading of the figure.

    Raises:
        TypeError: if the nodes are no search tree, or the tokens are one string.
        ValueError: if there is no node, or a token's id is not among the tokens.

    Example:
        >>> nodes = [SearchNode(None, 2, 0.0, "kept"), SearchNode(0, 3, -0.7, "finished")]
        >>> BeamTree(nodes, ["<pad>", "<unk>", "<bos>", "<eos>"]).captions()[1]
        'Step 1, candidate 1 of 1: “<eos>”, p = .50 here, log p = −0.70 so far. Finished: score −0.70, the best of 1.'
    """

    def __init__(
        self,
        nodes: Sequence[SearchNode],
        tokens: Sequence[str],
        length_penalty: float = 0.6,
        title: str = _TITLE,
    ) -> None:
        tokens = check_labels("tokens", tokens, len(tokens), "ids")
        if not all(isinstance(node, SearchNode) for node in nodes):
            raise TypeError(
                "nodes must be a search tree, an entry of beam_search(..., trace=True).trees"
            )
        if not nodes:
            raise ValueError("the search tree is empty: it has at least its root")
        strange = [node.token for node in nodes if not 0 <= node.token < len(tokens)]
        if strange:
            raise ValueError(
                f"the tree holds the token id {strange[0]}, but there are {len(tokens)} tokens; "
                "give those of the target vocabulary"
            )
        self.title = title
        self._cards = _cards(nodes, tokens, length_penalty)

    def captions(self) -> list[str]:
        """What is to be known of each node, in words and in the order of the search."""
        return [card.caption for card in self._cards]

    @property
    def best(self) -> list[int]:
        """The nodes from the root to the best finished translation; empty if none finished.

        A translation that was cut off by ``max_length`` has not finished.
        """
        return [k for k, card in enumerate(self._cards) if card.best]

    def _repr_html_(self) -> str:
        return live_html(self.title, self._cards)

    def widget(self) -> ipywidgets.VBox:
        """The tree as a Jupyter widget: a choice of what to show, and the picture.

        It needs a running kernel (JupyterLab, Colab, VS Code), which draws each choice anew.

        Returns:
            The choice above the picture.
        """
        import ipywidgets as widgets

        choice = widgets.ToggleButtons(options={"Everything": True, "What was kept": False})
        picture = widgets.HTML(layout=widgets.Layout(width="100%"))

        def redraw(change: dict | None = None) -> None:
            picture.value = still_html(self.title, self._cards, dropped=choice.value)

        redraw()
        choice.observe(redraw, names="value")
        return widgets.VBox([choice, picture])


def _cards(nodes: Sequence[SearchNode], tokens: Sequence[str], length_penalty: float) -> list[Card]:
    """What is drawn of each node."""
    depths: list[int] = []
    for node in nodes:
        depths.append(0 if node.parent is None else depths[node.parent] + 1)
    scores = [
        node.log_prob / length_penalty_factor(depth, length_penalty)
        if node.fate == "finished"
        else None
        for node, depth in zip(nodes, depths)
    ]
    finished = sorted((k for k, s in enumerate(scores) if s is not None), key=lambda k: -scores[k])
    best = _path(nodes, finished[0]) if finished else []
    cards = []
    for k, (node, depth) in enumerate(zip(nodes, depths)):
        step = [j for j, other in enumerate(depths) if other == depth]
        place = 1 + sum(nodes[j].log_prob > node.log_prob for j in step)
        before = 0.0 if node.parent is None else nodes[node.parent].log_prob
        card = Card(
            parent=node.parent,
            words=[tokens[nodes[j].token] for j in _path(nodes, k)[1:]] or [tokens[node.token]],
            step=depth,
            place=place,
            candidates=len(step),
            log_prob=node.log_prob,
            here=node.log_prob - before,
            fate=node.fate,
            score=scores[k],
            among=(finished.index(k) + 1, len(finished)) if k in finished else None,
            best=k in best,
        )
        cards.append(card)
    return cards


def _path(nodes: Sequence[SearchNode], k: int) -> list[int]:
    """The nodes from the root to node ``k``."""
    path = [k]
    while (parent := nodes[path[0]].parent) is not None:
        path.insert(0, parent)
    return path

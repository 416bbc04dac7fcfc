"""LSTMs, stacks, and the door to self-attention: chapters 5 and 13."""

from assignments.inventory.concept import Concept, Wrong, number

CELL_GRADIENT = Concept(
    name="cell-gradient",
    says="Along an LSTM's cell a gradient is multiplied by the forget gate at every step: kept as far as the gates are open.",
    section="5, What the cell does for the gradient",
    stem="A cell of an LSTM is c_{t} = f_{t} × c_{t-1} + i_{t} × new content. Its forget gate f_{t} is $gate at each of two "
    "steps. By what is a gradient multiplied when it goes back over these two steps along the cell alone, not through gates and "
    "new content?",
    right="$product",
    wrong={
        "cell-keeps-all": Wrong("1", "The cell hands every gradient on unchanged."),
        "gate-counts-once": Wrong("$gate", "The gate counts once, however many steps there are."),
        "forget-gate-forgets": Wrong(
            "$opposite", "The forget gate says how much is forgotten, so the rest is kept."
        ),
    },
    surfaces=[
        {
            "gate": number(tenths / 10),
            "product": number(tenths**2 / 100),
            "opposite": number((10 - tenths) ** 2 / 100),
        }
        for tenths in (2, 3, 4, 6, 7, 8, 9)
    ],
)

HAND_OVER = Concept(
    name="hand-over",
    says="A stack of LSTMs ends with a pair for each layer, a state h and a cell c; all of them can cross.",
    section="5, What crosses",
    stem="An encoder is a stack of $layers LSTM layers with $units units each and has read a sentence of $words words. A "
    "decoder of the same form, without attention, starts each layer as the encoder's layer of the same height has ended. How "
    "many numbers cross from encoder to decoder?",
    right="$all",
    wrong={
        "top-layer-crosses": Wrong("$top", "Only the top layer ends with something to hand over."),
        "lstm-state-is-h": Wrong("$hidden", "The state of an LSTM is h; the cell stays behind."),
        "states-of-all-words-cross": Wrong("$steps", "The states of all words cross."),
    },
    surfaces=[
        {
            "layers": layers,
            "units": units,
            "words": words,
            "all": 2 * layers * units,
            "top": 2 * units,
            "hidden": layers * units,
            "steps": 2 * layers * units * words,
        }
        for layers in (3, 4, 5)
        for units in (20, 30, 50)
        for words in (6, 7, 8)
    ],
)

STRINGS = "kdasm tbreo lofnu gincw hayrd wumpe sikob".split()


def listed(letters: str) -> str:
    """Letters as one names them in a sentence.

    >>> listed("kda")
    '`k`, `d` and `a`'
    """
    named = [f"`{letter}`" for letter in letters]
    return f"{', '.join(named[:-1])} and {named[-1]}"


CAUSAL_MASK = Concept(
    name="causal-mask",
    says="In masked self-attention a position sees itself and what is before it, in training too, where all is known.",
    section="13, Step 3: not ahead",
    stem="A Transformer's decoder is trained to write strings. It is fed the letters `$string` and should say at each of them "
    "the next one, so `$next` at `$letter`. On which letters may its self-attention look at `$letter`?",
    right="$upto",
    wrong={
        "training-sees-all": Wrong(
            "$everything", "In training the whole target is known, so all of it may be seen."
        ),
        "not-at-oneself": Wrong("$before", "A position must not look at itself."),
        "sees-the-answer": Wrong(
            "$beyond", "A position may look at the word that it should say next."
        ),
    },
    surfaces=[
        {
            "string": " ".join(string),
            "letter": string[2],
            "next": string[3],
            "upto": listed(string[:3]),
            "everything": listed(string),
            "before": listed(string[:2]),
            "beyond": listed(string[:4]),
        }
        for string in STRINGS
    ],
)

WHOM_IT_ASKS = Concept(
    name="whom-it-asks",
    says="Attention to the source has a row for each target position and a column for each source word; self-attention is "
    "square.",
    section="13, The Transformer, whole",
    stem="A decoder reads $target words of a translation at once, as in training, and attends to a source of $source words. In "
    "the table of attention weights every row sums to 1. How many rows and columns does it have?",
    right="$target rows, $source columns",
    wrong={
        "source-asks-itself": Wrong(
            "$source rows, $source columns", "Attention is between the words of the source."
        ),
        "target-asks-itself": Wrong(
            "$target rows, $target columns", "Attention is between the words of the translation."
        ),
        "source-asks": Wrong(
            "$source rows, $target columns", "Each source word shares itself out among the target."
        ),
    },
    surfaces=[
        {"target": target, "source": source}
        for target in range(3, 10)
        for source in range(3, 10)
        if abs(target - source) >= 2
    ],
)

"""The corpora in a line each, as the commands list them."""

from __future__ import annotations

from typing import NamedTuple


class About(NamedTuple):
    """A corpus in a line.

    Attributes:
        summary: what it is.
        source: where its data come from.
        tokenizer: what its sentences are cut by, unless asked otherwise.
        made: whether it is made here, of tokens from the start.
    """

    summary: str
    source: str
    tokenizer: str
    made: bool = True


_MADE = "made here from a seed, in seconds"
_KEPT = "downloaded once"
_OWN = "--option path=FILE"
ABOUT = {
    "copy": About("strings of letters, to be copied", _MADE, "whitespace"),
    "reverse": About("strings of letters, to be reversed", _MADE, "whitespace"),
    "dates": About("dates as people write them, to ISO 8601, by character", _MADE, "character"),
    "numbers": About("number words, English to German and others", _MADE, "whitespace"),
    "phrases": About("simple Italian sentences to English", _MADE, "word"),
    "spoken_digits": About(
        "spoken strings of digits, to phonemes", "synthesised, ships with the book", "whitespace"
    ),
    "sentiment": About("film reviews, to positive or negative", _MADE, "whitespace"),
    "entities": About("notices in five languages, to tags of names and sums", _MADE, "whitespace"),
    "trees": About("Italian sentences, to their syntax trees in brackets", _MADE, "whitespace"),
    "facts": About("stories, to the place of what is asked for", _MADE, "whitespace"),
    "dialogue": About("the turns of a booking, to its slots and a reply", _MADE, "whitespace"),
    "multi30k": About("photograph captions, German to English, 29,000", _KEPT, "whitespace", False),
    "tatoeba": About("everyday sentences, many languages to English", _KEPT, "word", False),
    "iwslt15_en_vi": About("talks, English to Vietnamese, 133,000", _KEPT, "whitespace", False),
    "tsv": About(
        "your own file, source and target separated by a tab", "--tsv FILE", "word", False
    ),
    "labelled": About("your own file, label and text separated by a tab", _OWN, "word", False),
    "conll": About("your own file, tokens and tags in columns", _OWN, "whitespace"),
    "penn": About("your own file, trees in the Penn Treebank's brackets", _OWN, "whitespace"),
    "babi": About("your own file, stories in the format of bAbI", _OWN, "whitespace"),
    "dialogues": About("your own file, dialogues as JSON lines", _OWN, "word", False),
}

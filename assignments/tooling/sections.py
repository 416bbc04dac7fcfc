"""Which sections of the book teach what an exercise asks for: where a student whose work lost points is sent."""

from __future__ import annotations

import re

SECTIONS = {
    "1.1": [("01_text_to_batches", "A vocabulary"), ("01_text_to_batches", "Which types to keep")],
    "1.2": [
        ("01_text_to_batches", "Where a sentence begins and ends"),
        ("01_text_to_batches", "Padding"),
    ],
    "1.3": [("01_text_to_batches", "Three mistakes that raise no error")],
    "1.4": [
        ("01_text_to_batches", "First: the encoder reads on"),
        ("02_rnn_bottleneck", "Two networks and one vector"),
    ],
    "1.5": [("02_rnn_bottleneck", "Training hands over the true word, inference does not")],
    "1.6": [("02_rnn_bottleneck", "Training hands over the true word, inference does not")],
    "1.7": [("02_rnn_bottleneck", "The bottleneck, measured")],
    "1.8": [("02_rnn_bottleneck", "The same in bits")],
    "1.9": [("01_text_to_batches", "Three mistakes that raise no error")],
    "2.1": [
        ("03_bahdanau_attention", "As tensors, as a class, and equal"),
        ("03_bahdanau_attention", "What the mask is for"),
    ],
    "2.2": [("03_bahdanau_attention", "As tensors, as a class, and equal")],
    "2.3": [("03_bahdanau_attention", "An encoder that reads both ways")],
    "2.4": [("03_bahdanau_attention", "The decoder: ask first, then move")],
    "2.5": [
        ("03_bahdanau_attention", "Numbers, and where the network looks"),
        ("01_text_to_batches", "Third: the mean of means"),
    ],
    "2.6": [("03_bahdanau_attention", "Numbers, and where the network looks")],
    "2.7": [("01_text_to_batches", "Second: the loss scores padding")],
    "2.8": [("03_bahdanau_attention", "Numbers, and where the network looks")],
    "2.9": [
        ("01_text_to_batches", "Padding"),
        ("02_rnn_bottleneck", "Training hands over the true word, inference does not"),
    ],
    "3.1": [("04_luong_attention", "How to score")],
    "3.2": [("04_luong_attention", "When to ask")],
    "3.3": [("04_luong_attention", "Feeding the answer back")],
    "3.4": [("04_luong_attention", "Where to look: a window")],
    "3.5": [("04_luong_attention", "Where to look: a window")],
    "3.6": [("04_luong_attention", "Where to look: a window")],
    "3.7": [("04_luong_attention", "A race, and what decides it")],
    "3.8": [
        ("04_luong_attention", "A race, and what decides it"),
        ("04_luong_attention", "Where position is not enough"),
    ],
    "3.9": [("03_bahdanau_attention", "As tensors, as a class, and equal")],
    "4.1": [("05_stacked_lstm", "The LSTM, gate by gate")],
    "4.2": [
        ("05_stacked_lstm", "Two layers through time"),
        ("05_stacked_lstm", "What crosses"),
    ],
    "4.3": [("06_decoding_and_evaluation", "Short translations win")],
    "4.4": [("06_decoding_and_evaluation", "Three ways to search")],
    "4.5": [("06_decoding_and_evaluation", "How good? BLEU by hand")],
    "4.6": [("06_decoding_and_evaluation", "How good? BLEU by hand")],
    "4.7": [("06_decoding_and_evaluation", "Whose mistake was it?")],
    "4.8": [
        ("06_decoding_and_evaluation", "Whose mistake was it?"),
        ("06_decoding_and_evaluation", "How sure? Two kinds of scatter"),
    ],
    "4.9": [("04_luong_attention", "A race, and what decides it")],
}


def ways(exercise: str, chapters: str) -> list[tuple[str, str]]:
    """The sections to read again after an exercise, with their addresses; none for one that is not listed.

    Args:
        exercise: its number.
        chapters: the address of the book's chapters, with a ``/`` at the end.

    Example:
        >>> from assignments.tooling.sections import ways
        >>> ways("3.3", "https://a.org/chapters/")
        [('chapter 4, Feeding the answer back', 'https://a.org/chapters/04_luong_attention.html#feeding-the-answer-back')]
    """
    return [
        (f"chapter {int(file[:2])}, {title}", f"{chapters}{file}.html#{anchor(title)}")
        for file, title in SECTIONS.get(exercise, [])
    ]


def anchor(title: str) -> str:
    """What the site calls a section of this title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")

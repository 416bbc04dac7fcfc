import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.translate.unknown import replace_unknown

SOURCE = ["Frau", "Özil", "wohnt", "in", "Gelsenkirchen"]
TARGET = ["mrs", "<unk>", "lives", "in", "<unk>", "."]
# Row by row where the largest weight is: on the own word, mostly; the last <unk> looks back.
WEIGHTS = torch.tensor(
    [
        [0.9, 0.1, 0.0, 0.0, 0.0],
        [0.3, 0.4, 0.1, 0.1, 0.1],
        [0.0, 0.0, 1.0, 0.0, 0.0],
        [0.0, 0.5, 0.0, 0.5, 0.0],
        [0.2, 0.2, 0.0, 0.1, 0.5],
        [0.0, 0.0, 0.0, 0.0, 1.0],
    ]
)


def test_each_unknown_becomes_the_word_looked_at_most_and_nothing_else_changes():
    assert replace_unknown(TARGET, WEIGHTS, SOURCE) == [
        *("mrs", "Özil", "lives", "in", "Gelsenkirchen", ".")
    ]
    assert TARGET[1] == "<unk>"  # what was passed in is left alone


def test_a_lexicon_goes_before_copying_and_touches_unknowns_only():
    lexicon = {"Gelsenkirchen": "the city", "wohnt": "dwells"}
    assert replace_unknown(TARGET, WEIGHTS, SOURCE, lexicon) == [
        *("mrs", "Özil", "lives", "in", "the city", ".")
    ]


def test_weights_may_be_an_array_or_lists():
    expected = replace_unknown(TARGET, WEIGHTS, SOURCE)
    assert replace_unknown(TARGET, WEIGHTS.numpy(), SOURCE) == expected
    assert replace_unknown(TARGET, WEIGHTS.tolist(), SOURCE) == expected


def test_an_unknown_that_looked_nowhere_stays():
    weights = WEIGHTS.clone()
    weights[1] = 0
    replaced = replace_unknown(TARGET, weights, SOURCE)
    assert replaced == ["mrs", "<unk>", "lives", "in", "Gelsenkirchen", "."]


def test_an_empty_translation_stays_empty():
    assert replace_unknown([], WEIGHTS[:0], SOURCE) == []


@given(st.data())
def test_unknowns_alone_are_replaced_by_source_words_alone(data):
    tokens = data.draw(st.lists(st.sampled_from(["a", "b", "<unk>"]), min_size=1, max_size=7))
    src = data.draw(st.lists(st.sampled_from(["X", "Y", "Z"]), min_size=1, max_size=5))
    places = data.draw(
        st.lists(st.integers(0, len(src) - 1), min_size=len(tokens), max_size=len(tokens))
    )
    weights = torch.full((len(tokens), len(src)), 0.1)
    weights[torch.arange(len(tokens)), torch.tensor(places)] = 0.6
    expected = [src[j] if token == "<unk>" else token for token, j in zip(tokens, places)]
    assert replace_unknown(tokens, weights, src) == expected


def test_bad_input_is_explained():
    with pytest.raises(ValueError, match="a model without attention has none"):
        replace_unknown(TARGET, None, SOURCE)
    with pytest.raises(ValueError, match=r"\(6, 5\), but their shape is \(5, 6\)"):
        replace_unknown(TARGET, WEIGHTS.T, SOURCE)
    with pytest.raises(ValueError, match=r"\(6, 5\), but their shape is \(7, 5\)"):  # with <eos>
        replace_unknown(TARGET, torch.cat([WEIGHTS, WEIGHTS[:1]]), SOURCE)
    with pytest.raises(TypeError, match="src_tokens must be a list of tokens"):
        replace_unknown(TARGET, WEIGHTS, "Frau Özil wohnt in Gelsenkirchen")

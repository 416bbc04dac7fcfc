"""Tags and spans: both ways, both forms of IOB, and whatever a model says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.text.tags import (
    Span,
    check_tags,
    entity_list,
    read_entity_list,
    span_tags,
    tag_spans,
)

TAGS = st.lists(st.sampled_from(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]), max_size=9)


@given(TAGS)
def test_spans_are_the_conll_scripts(tags):
    """Against the definition: a span begins where conlleval says that a chunk begins."""
    begins, ends = [], []
    for j, tag in enumerate(tags):
        before = tags[j - 1] if j else "O"
        after = tags[j + 1] if j + 1 < len(tags) else "O"
        if tag == "O":
            continue
        if tag[0] == "B" or before[2:] != tag[2:]:
            begins.append((tag[2:], j))
        if after[0] != "I" or after[2:] != tag[2:]:
            ends.append(j + 1)
    assert tag_spans(tags) == [Span(*b, e) for b, e in zip(begins, ends, strict=True)]


@given(TAGS)
def test_spans_and_iob2_tags_are_one_another(tags):
    spans = tag_spans(tags)
    assert tag_spans(span_tags(spans, len(tags))) == spans


@given(TAGS)
def test_a_list_gives_its_entities_back(tags):
    tokens = [f"w{j}" for j in range(len(tags))]
    expected = [(s.label, " ".join(tokens[s.start : s.end])) for s in tag_spans(tags)]
    assert read_entity_list(entity_list(tokens, tags)) == expected


def test_iob1_is_read_as_well():
    iob1 = ["I-PER", "I-PER", "B-PER", "O", "I-LOC"]
    assert span_tags(tag_spans(iob1), 5) == ["B-PER", "I-PER", "B-PER", "O", "B-LOC"]


@pytest.mark.parametrize("written", [[], [";"], [";", ";"], ["PER", "a", ";", ";"]])
def test_a_list_need_not_be_well_written(written):
    assert read_entity_list(written) == ([("PER", "a")] if "PER" in written else [])


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda: tag_spans(["O", "PER"]), "tag 1 is 'PER'; tags are written O, B-LABEL or I-LABEL"),
        (lambda: tag_spans(["E-PER"]), "tag 0 is 'E-PER'"),
        (lambda: span_tags([Span("PER", 1, 4)], 3), "PER 1:4 does not lie inside 3 tokens"),
        (lambda: span_tags([Span("A", 0, 2), Span("B", 1, 3)], 3), "the span B 1:3 overlaps"),
        (lambda: check_tags(["a", "b"], ["O"]), "has 2 tokens but 1 tags; every token needs one"),
        (lambda: entity_list(["a"], ["O", "O"]), "has 1 tokens but 2 tags"),
    ],
)
def test_what_does_not_fit_is_said(do, message):
    with pytest.raises(ValueError, match=message):
        do()

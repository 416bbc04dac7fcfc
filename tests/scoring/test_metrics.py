import math
import pickle

import pytest
import torch

from s2s_tutorial.scoring import metrics


def test_perplexity_of_even_hesitation_is_the_number_of_choices():
    assert metrics.perplexity(5 * math.log(8), 5) == pytest.approx(8)
    assert metrics.perplexity(1e9, 1) == math.inf
    with pytest.raises(ValueError, match="at least one token"):
        metrics.perplexity(1.0, 0)


def test_perplexity_is_not_a_mean_of_batch_means():
    (loss_a, n_a), (loss_b, n_b) = (9.0, 3), (1.0, 7)
    mean_of_means = math.exp((loss_a / n_a + loss_b / n_b) / 2)
    together = metrics.perplexity(loss_a + loss_b, n_a + n_b)
    assert together == pytest.approx(math.e)
    assert abs(together - mean_of_means) > 1


def test_accuracies_by_hand():
    hypotheses, references = [[4, 5, 6], [4], [7, 8]], [[4, 5, 6], [4, 5], [8, 7]]
    assert metrics.sequence_accuracy(hypotheses, references) == pytest.approx(1 / 3)
    assert metrics.token_accuracy(hypotheses, references) == pytest.approx(4 / 7)
    assert metrics.sequence_accuracy([("a",)], [["a"]]) == 1


def test_what_a_hypothesis_says_too_much_counts_in_sequence_accuracy_alone():
    assert metrics.token_accuracy([[4, 5, 6]], [[4, 5]]) == 1
    assert metrics.sequence_accuracy([[4, 5, 6]], [[4, 5]]) == 0


def test_bleu_by_hand():
    # "the cat sat on mat": precisions 5/5, 3/4, 2/3, 1/2, brevity penalty exp(1 - 6/5)
    score = metrics.bleu(["the cat sat on mat"], ["the cat sat on the mat"])
    by_hand = 100 * math.exp(1 - 6 / 5) * (1 * 3 / 4 * 2 / 3 * 1 / 2) ** (1 / 4)
    assert score.score == pytest.approx(by_hand)
    assert "tok:13a" in score.signature and "version:" in score.signature
    assert "tok:none" in metrics.bleu(["a b"], ["a b"], tokenize="none").signature


def test_bleu_adds_counts_over_the_corpus_and_tells_case_apart():
    # with the pair above: precisions (5+2)/9, (3+1)/7, (2+0)/5, (1+0)/3, and 9 words each
    hypotheses = ["the cat sat on mat", "a dog ran off"]
    score = metrics.bleu(hypotheses, ["the cat sat on the mat", "A dog ran"])
    assert score.score == pytest.approx(100 * (7 / 9 * 4 / 7 * 2 / 5 * 1 / 3) ** (1 / 4))
    assert score.signature.startswith("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:")


def test_the_brevity_penalty_and_the_ratio_of_lengths_are_kept():
    score = metrics.bleu(["the cat sat on mat"], ["the cat sat on the mat"])
    assert score.length_ratio == pytest.approx(5 / 6)
    assert score.brevity_penalty == pytest.approx(math.exp(1 - 6 / 5))
    value, signature = score
    assert (value, signature) == score == metrics.TextScore(value, signature)
    assert repr(score).startswith("TextScore(score=")
    again = pickle.loads(pickle.dumps(score))
    assert (again, again.length_ratio) == (score, score.length_ratio)
    assert metrics.TextScore(0.0, "").brevity_penalty is None
    assert metrics.chrf(["a"], ["a"]).length_ratio is None


def test_why_short_sentences_have_no_bleu():
    short, long = ["one two three"], ["one two three four"]
    assert metrics.bleu(short, short).score == 0
    assert "no translation has four tokens" in metrics.bleu(short, short).note
    assert "chrF" in metrics.bleu(short, short).note
    assert metrics.bleu(long, long).note == "" == metrics.bleu(long + short, long + short).note


def test_several_references():
    # 1-grams 4/4, 2-grams 3/3, 3-grams 2/2, 4-grams 0/1, smoothed to 1/2; as long as the first
    hypotheses = ["the cat sat down"]
    streams = [["the cat sat still"], ["a cat sat down now"]]
    score = metrics.bleu(hypotheses, streams)
    by_hand = 100 * (1 / 2) ** (1 / 4)
    assert score.score == pytest.approx(by_hand) and score.signature.startswith("nrefs:2|")
    assert score.brevity_penalty == 1
    for scorer in (metrics.bleu, metrics.chrf):
        one, two = (scorer(hypotheses, stream).score for stream in streams)
        assert scorer(hypotheses, streams).score >= max(one, two)
        assert scorer(hypotheses, streams[:1]) == scorer(hypotheses, streams[0])


def test_references_of_each_sentence_instead_of_streams_are_explained():
    hypotheses = ["a b", "c d", "e f"]
    for references in ([["a b", "x"], ["c d", "y"], ["e f", "z"]], [["a b", "c d", "e f"], "x"]):
        with pytest.raises(TypeError, match="lists as long as the hypotheses .3.*all second ones"):
            metrics.bleu(hypotheses, references)
    with pytest.raises(TypeError, match="must be strings, not NoneType"):
        metrics.bleu(["a"], [["a"], [None]])


def test_without_regard_to_case():
    for scorer in (metrics.bleu, metrics.chrf):
        score = scorer(["a BLACK cat sat"], ["A black Cat sat"], lowercase=True)
        assert score.score == pytest.approx(100) and "case:lc" in score.signature
        assert scorer(["a BLACK cat sat"], ["A black Cat sat"]).score < 60


def test_chrf_by_hand():
    # "abcd" for "abc": 1-, 2- and 3-grams, precisions 3/4, 2/3, 1/2, recalls 1; beta is 2
    precision = (3 / 4 + 2 / 3 + 1 / 2) / 3
    by_hand = 100 * (1 + 2**2) * precision / (2**2 * precision + 1)
    assert metrics.chrf(["abcd"], ["abc"]).score == pytest.approx(by_hand)
    assert "|nc:6|nw:0|" in metrics.chrf(["abcd"], ["abc"]).signature


def test_chrf_bounds():
    assert metrics.chrf(["abc"], ["abc"]).score == pytest.approx(100)
    assert metrics.chrf(["abc"], ["xyz"]).score == 0


def test_alignment_error_rate_by_hand():
    sure, possible = {(0, 0), (1, 2)}, {(2, 1)}
    assert metrics.alignment_error_rate(sure, sure) == 0
    assert metrics.alignment_error_rate({(3, 3)}, sure) == 1
    # A = one sure link, one possible, one wrong: 1 - (1 + 2) / (3 + 2)
    predicted = [(0, 0), (2, 1), (5, 5)]
    assert metrics.alignment_error_rate(predicted, sure, possible) == pytest.approx(2 / 5)
    with pytest.raises(ValueError, match="at least one"):
        metrics.alignment_error_rate([], [])


def test_links_are_pairs_of_numbers_however_they_are_held():
    sure = {(0, 0), (1, 2)}
    assert metrics.alignment_error_rate([[0, 0], [1, 2]], sure) == 0
    assert metrics.alignment_error_rate(torch.tensor([[0, 0], [1, 2]]), sure) == 0
    for wrong in ("0-0 1-2", ["0-0"], [(0, 1, 2)], [3], [(0.5, 1.0)]):
        for name, links in (("predicted", (wrong, sure)), ("sure", (sure, wrong))):
            with pytest.raises(TypeError, match=f"{name} must hold links, pairs of whole numbers"):
                metrics.alignment_error_rate(*links)


def test_a_tokeniser_that_sacrebleu_lacks_is_explained():
    with pytest.raises(ValueError, match="no tokeniser 'moses'; it has '13a', 'char'"):
        metrics.bleu(["a"], ["a"], tokenize="moses")


@pytest.mark.parametrize(
    "score", [metrics.bleu, metrics.chrf, metrics.sequence_accuracy, metrics.token_accuracy]
)
def test_bad_input_is_explained(score):
    with pytest.raises(ValueError, match="2 hypotheses but 1 references"):
        score(["a", "b"], ["a"])
    with pytest.raises(ValueError, match="no sentences"):
        score([], [])
    with pytest.raises(TypeError, match="not one string"):
        score("a", ["a"])


def test_tokens_instead_of_text_are_explained():
    with pytest.raises(TypeError, match="join tokens first"):
        metrics.bleu([["a", "b"]], ["a b"])
    with pytest.raises(TypeError, match="join tokens first"):
        metrics.bleu(["a b"], [["a", "b"]])
    with pytest.raises(ValueError, match="no token"):
        metrics.token_accuracy([[]], [[]])

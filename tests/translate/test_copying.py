"""A translator that copies: words that it has never seen come back as the sentence has them."""

import pytest
import torch

import s2s_tutorial as s2s
from s2s_tutorial.cli.scoring import score

VOCAB = s2s.Vocabulary(["a", "b", "c"])


def make(copying=True):
    torch.manual_seed(0)
    size = len(VOCAB)
    model = s2s.build_model("pointer_generator", size, size, embedding_size=3, hidden_size=5)
    if copying:
        model.decoder.gate.bias.data.fill_(-20.0)
        model.decoder.gate.weight.data.zero_()
    return s2s.Translator(model, VOCAB, VOCAB, "whitespace", device="cpu")


@pytest.mark.parametrize("beam_size", [1, 3])
def test_own_words_come_back(beam_size, tmp_path):
    translator = make()
    texts = ["Zdenka Zdenka", "a Olga", "Pavel"]
    options = {"beam_size": beam_size, "max_length": 3, "min_length": 1}
    with pytest.warns(UserWarning, match="were cut at 3"):
        found = translator.translate(texts, **options)
        for text, each in zip(texts, found):
            assert each.tokens and set(each.tokens) <= set(text.split())
            assert each.weights.shape == (len(each.tokens), len(text.split()))
        assert found[0].tokens == ["Zdenka"] * 3
        translator.save(tmp_path / "m.safetensors")
        again = s2s.Translator.load(tmp_path / "m.safetensors", "cpu").translate(texts, **options)
    assert [each.text for each in again] == [each.text for each in found]


def test_alignment_scores_a_copied_word():
    copied = make().align("a Zdenka", "Zdenka").score
    assert copied > make().align("a Zdenka", "Olga").score + 1  # which is nowhere in the source
    assert make().align("a Zdenka", "Zdenka").weights.shape == (1, 2)


def test_one_vocabulary_is_asked_for():
    other = s2s.Vocabulary(["a", "b", "d"])
    with pytest.raises(ValueError, match="the model copies words, so both need one vocabulary"):
        s2s.Translator(make().model, VOCAB, other, "whitespace")


def test_scores_of_the_command_line_know_own_words():
    corpus = s2s.ParallelCorpus([s2s.Pair(("Zdenka",), ("Zdenka",) * 3)] * 2, "mine", "test")
    report = score(make(), corpus, ["Zdenka Zdenka Zdenka"] * 2, "none", max_length=3, min_length=3)
    assert report.exact_match == 1.0 and report.right_tokens == 1.0


def test_a_whole_run_learns_to_copy_names_it_never_saw():
    names = [f"name{k}" for k in range(60)]
    pairs = [s2s.Pair(("a", x, "b"), ("c", x)) for x in names]
    model = make(copying=False).model
    batches = [
        s2s.make_batches(some, VOCAB, VOCAB, 20, copy=True) for some in (pairs[:40], pairs[40:])
    ]
    config = s2s.TrainConfig(60, 5e-2, evaluate_every=60, device="cpu", progress=False)
    history = s2s.fit(model, *batches, config, src_vocab=VOCAB, tgt_vocab=VOCAB)
    assert history.valid_loss[-1] < 0.1
    translator = s2s.Translator(model, VOCAB, VOCAB, "whitespace", device="cpu")
    assert translator("a Olga b", max_length=5).text == "c Olga"
    with pytest.raises(ValueError, match="made with copy=True, for a model that copies"):
        s2s.evaluate(s2s.build_model("bahdanau", len(VOCAB), len(VOCAB)), batches[1])

"""Text in, text out: order, empty lines, searches, alternatives, forced alignment, saving."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_models import drawn

from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.models.rnn_decoder import RNNDecoder
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.saving.checkpoint import CheckpointError, save_checkpoint
from s2s_tutorial.search.beam import beam_search
from s2s_tutorial.search.greedy import greedy_decode
from s2s_tutorial.text.subwords import SubwordTokenizer
from s2s_tutorial.text.tokenizers import WhitespaceTokenizer, WordTokenizer
from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID, Vocabulary
from s2s_tutorial.translate.translation import CutTranslationWarning
from s2s_tutorial.translate.translator import Translator

SRC_VOCAB = Vocabulary(["Stai", "attento", ",", "Thomas", "là", "!", "casa"])
TGT_VOCAB = Vocabulary(["Be", "careful", ",", "Thomas", "there"])
OPTIONS = {"max_length": 7}


def make(preset="bahdanau", **changes):
    model = build_model(preset, len(SRC_VOCAB), len(TGT_VOCAB), embedding_size=3, hidden_size=5)
    return Translator(drawn(model), SRC_VOCAB, TGT_VOCAB, "word", device="cpu", **changes)


TRANSLATOR = make()
WORDS = st.lists(st.sampled_from(SRC_VOCAB.tokens[4:]), max_size=6).map(" ".join)


def batch_of(*sentences):
    rows = [SRC_VOCAB.encode(sentence.split()) for sentence in sentences]
    return torch.tensor(rows), torch.tensor([len(row) for row in rows])


@settings(max_examples=25)
@given(st.lists(WORDS, max_size=5), st.integers(1, 4), st.sampled_from([1, 3]))
def test_batches_change_nothing_and_the_order_is_kept(texts, batch_size, beam_size):
    options = {**OPTIONS, "beam_size": beam_size}
    together = TRANSLATOR.translate(texts, batch_size=batch_size, **options)
    assert len(together) == len(texts)
    for text, found in zip(texts, together):
        alone = TRANSLATOR(text, **options)
        assert (found.text, found.tokens, found.src_text) == (alone.text, alone.tokens, text)
        assert found.score == pytest.approx(alone.score, abs=1e-9)
        assert found.src_tokens == text.split()
        if text:
            torch.testing.assert_close(found.weights, alone.weights)


def test_empty_lines_have_empty_translations_in_their_place():
    found = TRANSLATOR.translate(["", "Stai", " \t ", "Thomas"], **OPTIONS)
    assert [bool(each.src_tokens) for each in found] == [False, True, False, True]
    assert found[2].text == "" and found[2].tokens == [] and found[2].weights is None
    assert found[1].text == TRANSLATOR("Stai", **OPTIONS).text
    assert TRANSLATOR.translate([]) == []


def test_beam_1_is_greedy_and_a_wider_one_is_beam_search():
    src, lengths = batch_of("Stai attento , Thomas")
    greedy = greedy_decode(TRANSLATOR.model, src, lengths, 7)
    found = TRANSLATOR("Stai attento, Thomas", beam_size=1, **OPTIONS)
    assert found.tokens == TGT_VOCAB.decode(greedy.ids[0]) and found.score == greedy.scores[0]
    torch.testing.assert_close(found.weights, greedy.weights[0].float())

    search = beam_search(TRANSLATOR.model, src, lengths, 7, 4, 1.5, 3)
    best = TRANSLATOR("Stai attento, Thomas", beam_size=4, length_penalty=1.5, n_best=3, **OPTIONS)
    ranked = [best, *best.alternatives]
    assert [each.tokens for each in ranked] == [TGT_VOCAB.decode(ids) for ids in search.ids[0]]
    assert [each.score for each in ranked] == search.scores[0]
    for each, weights in zip(ranked, search.weights[0]):
        torch.testing.assert_close(each.weights, weights.float())


@pytest.mark.parametrize("beam_size", [1, 3])
def test_no_translation_is_shorter_than_asked_for(beam_size):
    texts = ["Stai", "Stai attento, Thomas", "", "casa"]
    free = TRANSLATOR.translate(texts, beam_size=beam_size, **OPTIONS)
    assert min(len(found.tokens) for found in free if found.src_tokens) < 5
    found = TRANSLATOR.translate(texts, beam_size=beam_size, min_length=5, **OPTIONS)
    assert [5 <= len(each.tokens) <= 7 for each in found] == [True, True, False, True]
    src, lengths = batch_of("casa")
    alone = beam_search(TRANSLATOR.model, src, lengths, 7, beam_size, min_length=5)
    if beam_size > 1:
        assert found[3].tokens == TGT_VOCAB.decode(alone.ids[0][0])


class TestLengthLimit:
    ENDLESS = {"beam_size": 1, "batch_size": 2}

    @staticmethod
    def endless(**info):
        translator = make(info=info)
        with torch.no_grad():
            translator.model.decoder.output.bias[EOS_ID] -= 100.0
        return translator

    def test_it_follows_the_longest_training_target(self):
        found = self.endless(longest_target=151)("Stai", **self.ENDLESS)
        assert len(found.tokens) == 400 and found.cut
        assert len(self.endless()("Stai", **self.ENDLESS).tokens) == 100
        assert len(self.endless(longest_target="?")("Stai", **self.ENDLESS).tokens) == 100

    def test_it_follows_the_source_whatever_else_is_translated(self):
        texts = ["Stai", "casa " * 51, "là"]
        found = self.endless().translate(texts, **self.ENDLESS)
        assert [len(each.tokens) for each in found] == [100, 200, 100]

    @pytest.mark.parametrize("beam_size", [1, 3])
    def test_what_was_cut_is_said(self, beam_size, recwarn):
        translator = self.endless()
        found = translator.translate(["Stai", "", "là"], beam_size=beam_size, max_length=3)
        assert [each.cut for each in found] == [True, False, True]
        (warning,) = recwarn
        assert issubclass(warning.category, CutTranslationWarning)
        assert "2 of 3 translations were cut at 3 tokens" in str(warning.message)
        assert warning.filename == __file__

    @pytest.mark.parametrize("beam_size", [1, 3])
    def test_what_has_ended_was_not_cut(self, beam_size, recwarn):
        translator = make()
        with torch.no_grad():
            translator.model.decoder.output.bias[EOS_ID] += 100.0
        options = {"beam_size": beam_size, "min_length": 3, "max_length": 4}
        found = translator("Stai", **options)
        assert len(found.tokens) == 3 and not found.cut and not recwarn


@pytest.mark.parametrize("text", ["\u200b", " \u200e\u2060 ", "\u00ad", "\ufeff"])
def test_a_text_with_nothing_to_see_is_an_empty_one(text):
    assert TRANSLATOR(text, **OPTIONS).text == "" == TRANSLATOR.translate([text])[0].text


def test_text_is_put_together_by_the_target_tokenizer():
    found = make(tgt_tokenizer="character")("Stai", beam_size=1, **OPTIONS)
    assert found.text == "".join(found.tokens)
    plain = TRANSLATOR("Stai", beam_size=1, **OPTIONS)
    assert plain.text == TRANSLATOR.tokenizer.detokenize(plain.tokens)


def test_unknown_words_are_copied_through_the_attention():
    translator = make()
    with torch.no_grad():
        translator.model.decoder.output.bias[1] += 100.0  # <unk>, whatever comes
    plain = translator("Stai Pinocchio", beam_size=1, **OPTIONS)
    copied = translator("Stai Pinocchio", beam_size=1, replace_unknown=True, **OPTIONS)
    assert plain.tokens == ["<unk>"] * 7
    assert copied.tokens == [["Stai", "Pinocchio"][j] for j, _ in copied.links()]


@pytest.mark.parametrize("preset", ["bahdanau", "luong_local_p", "gru"])
def test_a_given_target_is_scored_and_aligned_as_the_decoder_steps(preset):
    translator = make(preset)
    found = translator.align("Stai attento!", "Be careful, Thomas")
    assert found.text == "Be careful, Thomas" and found.tokens == ["Be", "careful", ",", "Thomas"]
    model = translator.model.eval()
    src, lengths = batch_of("Stai attento !")
    with torch.no_grad():
        encoded = model.encode(src, lengths)
        state, before, score, rows = model.decoder.init_state(encoded), BOS_ID, 0.0, []
        for y in [*TGT_VOCAB.encode(found.tokens), EOS_ID]:
            step = model.decoder.step(torch.tensor([before]), state, encoded)
            score += step.logits[0].log_softmax(0)[y].item()
            rows.append(step.weights)
            state, before = step.state, y
    assert found.score == pytest.approx(score, abs=1e-9)
    if preset == "gru":
        assert found.weights is None
    else:
        torch.testing.assert_close(found.weights, torch.cat(rows[:-1]).float())


@pytest.mark.parametrize("name", ["<pad>", "<bos>", "<eos>"])
def test_a_text_that_names_a_special_token_controls_nothing(name):
    translator = make()
    translator.tokenizer = translator.tgt_tokenizer = WhitespaceTokenizer()
    ours, plain = f"Stai {name} Thomas", "Stai nie-gesehen Thomas"
    found, same = translator(ours, **OPTIONS), translator(plain, **OPTIONS)
    assert (found.tokens, found.score) == (same.tokens, same.score)
    assert translator.align("Stai", ours).score == translator.align("Stai", plain).score


@pytest.mark.parametrize("preset", ["bahdanau", "lstm"])
def test_it_comes_back_from_a_file(preset, tmp_path):
    model = build_model(preset, len(SRC_VOCAB), len(TGT_VOCAB), embedding_size=3, hidden_size=5)
    translator = Translator(
        model, SRC_VOCAB, TGT_VOCAB, "word", "whitespace", "cpu", info={"corpus": "mine"}
    )
    translator.save(tmp_path / "t.safetensors")
    loaded = Translator.load(tmp_path / "t.safetensors", device="cpu")
    assert loaded.info == {"corpus": "mine"} and loaded.has_attention == (preset == "bahdanau")
    texts = ["Stai attento!", "", "Thomas"]
    for ours, theirs in zip(
        translator.translate(texts, **OPTIONS), loaded.translate(texts, **OPTIONS)
    ):
        assert (ours.text, ours.score) == (theirs.text, theirs.score)
    assert type(loaded.tgt_tokenizer).__name__ == "WhitespaceTokenizer"


def test_learned_subwords_travel_along(tmp_path):
    lines = ["low lower lowest", "new newer newest", "wide wider widest"]
    pieces = SubwordTokenizer.train(lines, vocab_size=18, model_type="bpe")
    vocab = Vocabulary(pieces.pieces)
    model = build_model("gru", len(vocab), len(vocab), embedding_size=3, hidden_size=5)
    translator = Translator(model, vocab, vocab, pieces, device="cpu")
    translator.save(tmp_path / "t.safetensors")
    loaded = Translator.load(tmp_path / "t.safetensors", device="cpu")
    assert loaded.tokenizer == pieces
    assert loaded("widow").text == translator("widow").text


def test_a_checkpoint_that_cannot_read_text_is_explained(tmp_path):
    path = tmp_path / "m.safetensors"
    save_checkpoint(path, TRANSLATOR.model, SRC_VOCAB)
    with pytest.raises(CheckpointError, match="no target vocabulary and no tokenizers"):
        Translator.load(path)
    info = {"tokenizers": [{"name": "later", "options": {}}] * 2}
    save_checkpoint(path, TRANSLATOR.model, SRC_VOCAB, TGT_VOCAB, info=info)
    with pytest.raises(CheckpointError, match="m.safetensors cannot be used.*'later'"):
        Translator.load(path)
    with pytest.raises(FileNotFoundError):
        Translator.load(tmp_path / "nowhere.safetensors")


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: TRANSLATOR.translate("Stai"), TypeError, "list of texts"),
        (lambda: TRANSLATOR.translate(["Stai", 3]), TypeError, "text 1 must be a string"),
        (lambda: TRANSLATOR("Stai", n_best=6), ValueError, "beam_size of 6"),
        (lambda: TRANSLATOR("Stai", batch_size=0), ValueError, "batch_size"),
        (lambda: make("gru")("Stai", replace_unknown=True), ValueError, "'gru' has no attention"),
        (lambda: TRANSLATOR.align("Stai", " "), ValueError, "empty"),
        (
            lambda: Translator(TRANSLATOR.model, TGT_VOCAB, TGT_VOCAB, "word"),
            ValueError,
            "src_vocab has 9 tokens, but the model was built for 11",
        ),
        (lambda: make(tgt_tokenizer="words"), ValueError, "no tokenizer 'words'"),
        (lambda: make(tgt_tokenizer=WordTokenizer), TypeError, "object with .* not <class"),
        (lambda: make(tgt_tokenizer=str.split), TypeError, "object with the methods tokenize"),
        (lambda: TRANSLATOR("Stai", beam_size=1, n_best=0), ValueError, "n_best must be at least"),
        (lambda: TRANSLATOR("Stai", beam_size=2.0), TypeError, "beam_size must be a whole"),
    ],
)
def test_what_does_not_fit_is_explained(act, error, message):
    with pytest.raises(error, match=message):
        act()


def test_texts_may_come_one_by_one():
    texts = ["Stai attento!", "", "casa"]
    found = TRANSLATOR.translate((text for text in texts), **OPTIONS)
    assert [each.src_text for each in found] == texts
    assert [each.text for each in found] == [TRANSLATOR(text, **OPTIONS).text for text in texts]


def test_a_model_that_no_preset_built():
    encoder, decoder = Encoder(len(SRC_VOCAB), 3, 5), RNNDecoder(len(TGT_VOCAB), 3, 5)
    made = Translator(Seq2Seq(encoder, decoder, {}), SRC_VOCAB, TGT_VOCAB, "word", device="cpu")
    assert made("Stai attento!", **OPTIONS).src_tokens == ["Stai", "attento", "!"]
    with pytest.raises(ValueError, match="this model has no attention"):
        made("Stai", replace_unknown=True)

"""Scores are of the file's own text, and say so where they are not."""

from __future__ import annotations

import json

import pytest
import torch
from command_line import load, run, saved
from sacrebleu.metrics import BLEU

from s2s_tutorial.cli.data import CorpusChoice
from s2s_tutorial.cli.scoring import Report, score
from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.models.rnn_decoder import RNNDecoder
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.scoring.text_scores import TextScore
from s2s_tutorial.text.tokenizers import WordTokenizer
from s2s_tutorial.text.vocabulary import EOS_ID, Vocabulary
from s2s_tutorial.translate.translator import Translator

TARGETS = ["On 3/4/2020 I paid $5 to a@b.com, OK?", "On 3/4/2020 I paid $5 to a@b.com, OK?"]


class Reciting(RNNDecoder):
    """Writes one sentence, whatever the source."""

    def __init__(self, vocab, tokens):
        super().__init__(len(vocab), 2, 3)
        ids = [*vocab.encode(tokens), EOS_ID]
        self.follows = dict(zip([2, *ids], ids))

    def step(self, token, state, encoded, keys=None):
        found = super().step(token, state, encoded, keys)
        logits = torch.full_like(found.logits, -50.0)
        for row, before in enumerate(token.tolist()):
            logits[row, self.follows.get(before, EOS_ID)] = 50.0
        return found._replace(logits=logits)


def reciting(tokenizer, text, **info):
    """A translator that writes a text as its tokens say it."""
    tokens = tokenizer.tokenize(text)
    src, tgt = Vocabulary(["x", "y"]), Vocabulary(list(dict.fromkeys(tokens)))
    model = Seq2Seq(Encoder(len(src), 2, 3), Reciting(tgt, tokens), {})
    return Translator(model, src, tgt, "word", tokenizer, "cpu", info)


def report_on(translator, targets, folder, tokenize="13a", **options):
    path = folder / "own.test.tsv"
    path.write_text("".join(f"x\t{target}\n" for target in targets), encoding="utf-8")
    choice = CorpusChoice("tsv", {"path": str(folder / "own.{split}.tsv")})
    corpus = choice.load("test", translator.tokenizer, translator.tgt_tokenizer)
    references = [tgt for _, tgt in choice.texts_of(corpus)]
    return score(translator, corpus, references, tokenize, **options)


def test_the_text_of_the_file_is_scored_not_the_tokenizers_rewriting(tmp_path):
    text = "On 3/6 I had v2.5"  # no token twice: the decoder knows what follows each
    translator = reciting(WordTokenizer(), text)
    report = report_on(translator, [text, text], tmp_path)
    written = "On 3 / 6 I had v2. 5"
    assert translator("x", beam_size=1).text == written
    assert report.exact_match == 0 and report.right_tokens == 1
    expected = BLEU().corpus_score([written] * 2, [[text] * 2])
    assert report.bleu.score == pytest.approx(expected.score) and report.bleu.score < 100
    said = "\n".join(report.lines("test"))
    assert "exact match 0.0%" in said and "all tokens right in 100.0% of sentences" in said


def test_white_space_and_the_composed_form_do_not_count(tmp_path):
    translator = reciting(WordTokenizer(), "una città bella qui")
    report = report_on(translator, ["una  citta\u0300 bella\u00a0qui "], tmp_path)
    assert report.exact_match == 1 and report.bleu.score == pytest.approx(100)
    assert len(report.lines("test")) == 3


def test_a_model_that_writes_lower_case_is_scored_without_case_and_says_so(tmp_path):
    translator = reciting(WordTokenizer(lowercase=True), "On Monday We met")
    report = report_on(translator, ["On Monday We met"], tmp_path)
    assert report.exact_match == 1 and report.bleu.score == pytest.approx(100)
    assert all("case:lc" in line for line in report.signatures())
    assert any("without regard to case" in line for line in report.lines("test"))
    mixed = report_on(reciting(WordTokenizer(), "On Monday We met"), ["on Monday We met"], tmp_path)
    assert mixed.exact_match == 0
    assert not any("case:lc" in line for line in mixed.signatures())


def test_why_bleu_is_0_beside_an_exact_match(tmp_path):
    report = report_on(
        reciting(WordTokenizer(), "three short words"), ["three short words"], tmp_path
    )
    assert report.exact_match == 1 and report.bleu.score == 0
    said = "\n".join(report.lines("test"))
    assert "no translation has four tokens" in said and "look at chrF" in said


def test_translations_that_were_cut_are_counted(tmp_path):
    translator = reciting(WordTokenizer(), "one two three four five")
    target = "one two three four five"
    report = report_on(translator, [target, target], tmp_path, max_length=4)
    assert report.cut == 2 and report.limit == 4
    assert "2 translations were cut at 4 tokens" in report.lines("test")[-1]
    assert report_on(translator, [target], tmp_path).cut == 0


def test_there_is_room_for_every_reference_and_for_what_was_trained_on(tmp_path):
    translator = reciting(WordTokenizer(), "one")
    assert report_on(translator, ["w " * 70], tmp_path).limit == 200
    trained = reciting(WordTokenizer(), "one", longest_target=151)
    assert report_on(trained, ["w " * 70], tmp_path).limit == 400


def test_the_brevity_penalty_is_shown():
    kept = TextScore(50.0, "nrefs:1", brevity_penalty=0.5, length_ratio=0.59)
    report = Report(1, 1, 1.0, 0.0, 0.0, kept, TextScore(0.0, ""), "greedy")
    assert "length ratio 0.590, brevity penalty 0.500" in "\n".join(report.lines("test"))
    said = json.loads(json.dumps(report.to_dict()))
    assert said["bleu"] == {
        "score": 50.0,
        "signature": "nrefs:1",
        "brevity_penalty": 0.5,
        "length_ratio": 0.59,
    }


def test_evaluate_scores_the_text_of_the_file(tmp_path):
    model = saved(tmp_path / "m.safetensors")
    (tmp_path / "own.test.tsv").write_text(f"Stai\t{TARGETS[0]}\nlà\tDue, qui\n", encoding="utf-8")
    arguments = [
        "evaluate",
        "-m",
        model,
        "--tsv",
        tmp_path / "own.{split}.tsv",
        "--beam",
        1,
        "--json",
    ]
    scores = json.loads(run(*arguments))
    ours = [found.text for found in load(model).translate(["Stai", "là"], beam_size=1)]
    expected = BLEU().corpus_score(ours, [[TARGETS[0], "Due, qui"]])
    assert scores["bleu"]["score"] == pytest.approx(expected.score)
    assert scores["bleu"]["length_ratio"] == pytest.approx(expected.sys_len / expected.ref_len)


def test_texts_of_a_file_with_alignments(tmp_path):
    (tmp_path / "own.train.tsv").write_text("a b\tx y\t0-1 1-0\n", encoding="utf-8")
    options = {"path": str(tmp_path / "own.{split}.tsv"), "alignment_column": 2}
    assert list(CorpusChoice("tsv", options, "whitespace").texts("train")) == [("a b", "x y")]


def test_texts_of_a_corpus_made_of_tokens_are_these_put_together():
    choice = CorpusChoice("phrases", {"size": 5})
    own = WordTokenizer()
    corpus = choice.load("valid", own, own)
    assert [tgt for _, tgt in choice.texts_of(corpus)] == [own.detokenize(p.tgt) for p in corpus]
    cut = choice.load("valid", own, WordTokenizer(lowercase=True))
    assert choice.texts_of(cut) == tuple(choice.texts_of(corpus))

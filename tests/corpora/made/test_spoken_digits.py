"""The corpus of spoken digits: what ships, what comes, how it is made."""

import ctypes
import hashlib
import io
import lzma
import re
import sys

import numpy as np
import pytest
from other_process import printed

import s2s_tutorial as s2s
from s2s_tutorial.base.resources import resource_path
from s2s_tutorial.corpora import SPLITS, split_of
from s2s_tutorial.corpora.made import speech, spoken_digits_file
from s2s_tutorial.corpora.made.spoken_digits import FRAME_MS, join

SAID = {
    "zero": "z iə ɹ oʊ",
    "one": "w ʌ n",
    "two": "t uː",
    "three": "θ ɹ iː",
    "five": "f aɪ v",
    "six": "s ɪ k s",
    "seven": "s ɛ v ə n",
    "eight": "eɪ t",
    "nine": "n aɪ n",
}
WITH_ESPEAK = pytest.mark.skipif(
    speech.find_library("espeak-ng") is None, reason="espeak-ng is not installed"
)


def load(split="test", **options):
    return s2s.load_corpus("spoken_digits", split, **options)


def test_the_files_are_those_of_the_card():
    card = resource_path("data/spoken_digits/README.md").read_text(encoding="utf-8")
    sums = dict(re.findall(r"\| `([\w./]+)` \|.*\| `([0-9a-f]{64})` \|", card))
    folder = resource_path("data/spoken_digits")
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert sums.keys() == there - {"README.md"}
    for name, expected in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected, name
    assert sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) < 3_000_000


@pytest.mark.parametrize("split", SPLITS)
def test_what_comes(split):
    corpus = load(split)
    assert len(corpus) == spoken_digits_file.SIZES[split]
    for pair, (who, words) in zip(corpus, corpus.texts):
        voice, rate = who.split()
        assert voice in spoken_digits_file.VOICES and int(rate) in spoken_digits_file.RATES
        assert 1 <= len(words.split()) <= 6 and split_of(words.split()) == split
        assert pair.src.shape[1] == 24 and pair.src.dtype == np.float32
        assert -2 <= pair.src.min() and pair.src.max() < 3 and np.isfinite(pair.src).all()
        assert not pair.src.flags.writeable  # it is everybody's
        spoken = " ".join(pair.tgt).replace("f oːɹ", "four").replace("f oː ɹ", "four")
        assert spoken == " ".join(SAID.get(word, word) for word in words.split())


def test_the_times_follow_one_another():
    for pair in load():
        frames = [
            [j for j, i in pair.alignment if i == phoneme] for phoneme in range(len(pair.tgt))
        ]
        flat = [j for each in frames for j in sorted(each)]
        assert all(frames) and flat == sorted(flat) and len(set(flat)) == len(flat)
        assert flat[-1] < len(pair.src)
        assert len(pair.src) - len(flat) < 300 / FRAME_MS  # little of it is silence


def test_phonemes_are_louder_than_what_is_in_no_link():
    loud, still = [], []
    for pair in load():
        inside = {j for j, _ in pair.alignment}
        level = pair.src.mean(axis=1)
        loud.append(np.mean([level[j] for j in inside]))
        still += [level[j] for j in range(len(level)) if j not in inside]
    assert np.mean(loud) > np.mean(still) + 0.5  # ten decibels


def test_a_smaller_size_gives_the_beginning_and_the_seed_another_order():
    whole, few, other = load(), load(size=7), load(seed=1)
    assert few == whole[:7] and few.texts == whole.texts[:7]
    assert other != whole and sorted(other.texts) == sorted(whole.texts)
    assert load(seed=1) == other


def test_joined_utterances_are_their_parts_in_a_row():
    parts, long = load(), load(joined=3, size=4)
    for number, pair in enumerate(long):
        group = [parts[3 * number + k] for k in range(3)]
        np.testing.assert_array_equal(pair.src, np.concatenate([p.src for p in group]))
        assert pair.tgt == sum((p.tgt for p in group), ())
        assert long.texts[number][1] == " ".join(
            w for _, w in parts.texts[3 * number : 3 * number + 3]
        )
        assert len(pair.alignment) == sum(len(p.alignment) for p in group)
        last = [
            (j - len(pair.src) + len(group[2].src), i - len(pair.tgt) + len(group[2].tgt))
            for j, i in pair.alignment
        ]
        assert {(j, i) for j, i in last if i >= 0} == group[2].alignment


def test_repeated_utterances_are_one_again_and_again():
    part, again = load(size=1)[0], load(size=1, repeated=2)[0]
    np.testing.assert_array_equal(again.src, np.concatenate([part.src, part.src]))
    assert again.alignment == join([part, part]).alignment
    assert load(size=1, joined=2, repeated=2)[0].tgt == load(size=1, joined=2)[0].tgt * 2


def test_bad_options_are_explained():
    with pytest.raises(
        ValueError, match="'test' has 300 utterances, which makes 60 of 5 each, not 61"
    ):
        load(joined=5, size=61)
    with pytest.raises(ValueError, match="has 300 utterances, which makes 0 of 301"):
        load(joined=301)
    with pytest.raises(ValueError, match="joined must be at least 1, not 0"):
        load(joined=0)
    with pytest.raises(TypeError, match="repeated must be a whole number, not 2.5"):
        load(repeated=2.5)
    with pytest.raises(TypeError, match="no option 'voice'.*size, seed, joined, repeated"):
        load(voice="m1")


def test_without_espeak_it_says_what_to_install(monkeypatch):
    speech._espeak.cache_clear()
    monkeypatch.setattr(speech, "find_library", lambda name: None)
    with pytest.raises(RuntimeError, match="needs espeak-ng.*apt install espeak-ng.*ships"):
        speech.speak("one")
    speech._espeak.cache_clear()


def test_without_librosa_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "librosa", None)
    with pytest.raises(RuntimeError, match=r"s2s-tutorial\[speech\]"):
        speech.log_mel(np.zeros(1000))


@WITH_ESPEAK
def test_espeak_says_phonemes_with_their_times():
    said = speech.speak("seven two", "en-us+f3", 150)
    assert said.phonemes == tuple("s ɛ v ə n t uː".split())
    starts, ends = zip(*said.times)
    assert list(starts) == sorted(starts) and list(ends[:-1]) <= list(starts[1:])
    assert ends[-1] <= 1000 * len(said.samples) / speech.SAMPLE_RATE
    assert said.samples.dtype == np.float32 and 0.1 < abs(said.samples).max() <= 1
    with pytest.raises(ValueError, match="no voice 'en-us\\+nobody'|no voice"):
        speech.speak("one", "xx-nobody")
    with pytest.raises(ValueError, match="nothing to say"):
        speech.speak("")


def test_a_tone_is_loud_in_one_band():
    pytest.importorskip("librosa")
    time = np.arange(speech.SAMPLE_RATE) / speech.SAMPLE_RATE
    loudest = []
    for hertz in (200, 1000, 4000):
        frames = speech.log_mel(np.sin(2 * np.pi * hertz * time))
        assert frames.shape == (1 + len(time) // speech.HOP, 24) and frames.dtype == np.uint8
        loudest.append(int(frames[20].argmax()))
    assert loudest == sorted(set(loudest))


@WITH_ESPEAK
@pytest.mark.slow
def test_the_command_makes_the_files_again(tmp_path, monkeypatch):
    pytest.importorskip("librosa")
    ours = resource_path("data/spoken_digits/utterances.tsv").read_text(encoding="utf-8")
    version = speech._espeak().espeak_Info
    version.restype = ctypes.c_char_p
    if not version(None).startswith(b"1.51"):
        pytest.skip("another version of espeak-ng")
    program = (
        "from pathlib import Path\n"
        "from s2s_tutorial.corpora.made import spoken_digits_file as file\n"
        f"file.make(Path({str(tmp_path)!r}), stop_after=40)"
    )
    printed(__file__, program)
    made = tmp_path.joinpath("utterances.tsv").read_text(encoding="utf-8")
    assert ours.startswith(made) and made.count("\n") == 41
    frames = np.load(io.BytesIO(lzma.decompress((tmp_path / "frames.npy.xz").read_bytes())))
    packed = resource_path("data/spoken_digits/frames.npy.xz").read_bytes()
    shipped = np.load(io.BytesIO(lzma.decompress(packed)))
    np.testing.assert_array_equal(frames, shipped[: len(frames)])
    for clip in resource_path("data/spoken_digits/clips").iterdir():
        assert (tmp_path / "clips" / clip.name).read_bytes() == clip.read_bytes()

"""Makes the files of ``data/spoken_digits`` again: ``python -m s2s_tutorial.corpora.made.spoken_digits_file``.

Needs espeak-ng and librosa (the extra ``speech``). With espeak-ng 1.51 it makes them byte for byte.
"""

from __future__ import annotations

import io
import lzma
import random
import sys
import wave
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from s2s_tutorial.corpora.made.making import pick, split_of
from s2s_tutorial.corpora.made.speech import Spoken, log_mel, speak
from s2s_tutorial.corpora.made.spoken_digits import SAMPLE_RATE

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
VOICES = tuple(f"en-us+{variant}" for variant in "m1 m2 m3 m4 m7 f1 f2 f3 f4 f5".split())
RATES = tuple(range(130, 221, 10))
LONGEST = 6  # words
SIZES = {"train": 2400, "valid": 300, "test": 300}
COLUMNS = ("split", "voice", "rate", "words", "phonemes", "times", "frames")
CLIPS = (
    ("seven_four_two", "seven four two", "en-us+f3", 150),
    ("nine_nine_nine", "nine nine nine nine", "en-us+m3", 170),
    ("fast", "three eight one zero five six", "en-us+m7", 220),
)


def make(folder: Path, stop_after: int | None = None) -> None:
    """Write ``utterances.tsv``, ``frames.npy.xz`` and the clips into a folder.

    Args:
        folder: where to; it need not exist.
        stop_after: how many utterances, for a test; None makes all.
    """
    folder.joinpath("clips").mkdir(parents=True, exist_ok=True)
    for name, text, voice, rate in CLIPS:
        folder.joinpath("clips", f"{name}.wav").write_bytes(as_wav(speak(text, voice, rate)))
    lines, frames = ["\t".join(COLUMNS)], []
    for split, voice, rate, words in islice(drawn(), stop_after):
        said = speak(" ".join(words), voice, rate)
        frames.append(log_mel(said.samples))
        times = " ".join(f"{start}-{end}" for start, end in said.times)
        columns = [split, voice, rate, " ".join(words), " ".join(said.phonemes), times]
        lines.append("\t".join(map(str, [*columns, len(frames[-1])])))
    text = "\n".join([*lines, ""])
    folder.joinpath("utterances.tsv").write_bytes(text.encode("utf-8"))
    array = io.BytesIO()
    np.save(array, np.ascontiguousarray(np.concatenate(frames)))
    packed = lzma.compress(array.getvalue(), preset=9 | lzma.PRESET_EXTREME)
    folder.joinpath("frames.npy.xz").write_bytes(packed)


def drawn() -> Iterator[tuple[str, str, int, tuple[str, ...]]]:
    """Who says what, how fast, for which split, until every split is full."""
    rng, missing = random.Random("spoken_digits"), dict(SIZES)
    while any(missing.values()):
        words = tuple(pick(rng, WORDS) for _ in range(1 + int(rng.random() * LONGEST)))
        voice, rate, split = pick(rng, VOICES), pick(rng, RATES), split_of(words)
        if missing[split]:
            missing[split] -= 1
            yield split, voice, rate, words


def as_wav(said: Spoken) -> bytes:
    """A small WAV file: every second sample, 16 bits."""
    pairs = said.samples[: len(said.samples) // 2 * 2].reshape(-1, 2).mean(axis=1)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE // 2)
        out.writeframes((pairs * 2**15).astype("<i2").tobytes())
    return file.getvalue()


if __name__ == "__main__":
    make(Path(sys.argv[1] if len(sys.argv) > 1 else "data/spoken_digits"))

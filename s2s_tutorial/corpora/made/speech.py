"""Speech on demand: espeak-ng says a text, librosa makes frames of the sound.

Only needed to make ``spoken_digits`` again, or clips of your own; the corpus itself ships.
"""

from __future__ import annotations

import ctypes
from ctypes.util import find_library
from functools import cache
from typing import NamedTuple

import numpy as np

from s2s_tutorial.corpora.made.spoken_digits import HOP, LOWEST_DB, SAMPLE_RATE, STEP_DB

WINDOW, BANDS = 552, 24  # samples that a frame sees; mel bands

_RETRIEVAL, _EVENTS_IN_IPA = 1, 0x0001 | 0x0002  # of speak_lib.h: no sound card; phoneme events
_RATE, _PHONEME, _UTF8 = 1, 7, 1


class Spoken(NamedTuple):
    """What :func:`speak` heard.

    Attributes:
        samples: ``(n,)`` float32 between -1 and 1, ``SAMPLE_RATE`` a second.
        phonemes: what was said, in the International Phonetic Alphabet.
        times: of each phoneme the start and the end, in milliseconds.
    """

    samples: np.ndarray
    phonemes: tuple[str, ...]
    times: tuple[tuple[int, int], ...]


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("text", ctypes.c_char * 8)]


class _Event(ctypes.Structure):  # espeak_EVENT
    _fields_ = [
        *((name, ctypes.c_int) for name in ("type", "unique", "text_position", "length")),
        *((name, ctypes.c_int) for name in ("milliseconds", "sample")),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@cache
def _espeak() -> ctypes.CDLL:
    """The library, once it listens to us.

    Raises:
        RuntimeError: if espeak-ng is not installed.
    """
    name = find_library("espeak-ng")
    if name is None:
        raise RuntimeError(
            "speaking needs espeak-ng, which is not installed: on Debian and Ubuntu "
            "`apt install espeak-ng`, on macOS `brew install espeak-ng`. (The corpus "
            "'spoken_digits' ships with the book and can be loaded without it.)"
        )
    library = ctypes.CDLL(name)
    library.espeak_Initialize(_RETRIEVAL, 0, None, _EVENTS_IN_IPA)
    return library


def speak(text: str, voice: str = "en-us", rate: int = 170) -> Spoken:
    """Let espeak-ng say a text.

    The same calls in the same order in a fresh process give the same samples.

    Args:
        text: what to say.
        voice: a voice of ``espeak-ng --voices``, with a variant: ``"en-us+f3"``.
        rate: words a minute, 80 to 450.

    Raises:
        RuntimeError: if espeak-ng is not installed.
        ValueError: if it has no such voice, or the text has nothing to say.
    """
    library, pieces, events = _espeak(), [], []

    def listen(samples, count, event):
        if samples and count:
            pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        while event[0].type:
            if event[0].type == _PHONEME:
                events.append((event[0].sample, event[0].id.text.decode("utf-8")))
            event = ctypes.cast(
                ctypes.addressof(event[0]) + ctypes.sizeof(_Event), ctypes.POINTER(_Event)
            )
        return 0

    callback = _Callback(listen)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise ValueError(f"espeak-ng has no voice {voice!r}; `espeak-ng --voices` lists them")
    library.espeak_SetParameter(_RATE, rate, 0)
    said = text.encode("utf-8")
    library.espeak_Synth(said, ctypes.c_size_t(len(said) + 1), 0, 0, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    if not any(name for _, name in events):
        raise ValueError(f"there is nothing to say in {text!r}")
    samples = np.concatenate(pieces)
    ends = [start for start, _ in events[1:]] + [len(samples)]
    spans = [(start, end, name) for (start, name), end in zip(events, ends) if name]
    in_ms = [tuple(round(1000 * x / SAMPLE_RATE) for x in span[:2]) for span in spans]
    phonemes = tuple(name for _, _, name in spans)
    return Spoken(samples.astype(np.float32) / 2**15, phonemes, tuple(in_ms))


def log_mel(samples: np.ndarray) -> np.ndarray:
    """Frames: how loud each of 24 bands is, in decibels, every 12.5 milliseconds.

    The bands are as wide as the ear's (the mel scale), from 60 to 8,000 hertz; a frame sees 25
    milliseconds, and its middle is its time.

    Args:
        samples: ``(n,)``, ``SAMPLE_RATE`` a second.

    Returns:
        ``(frames, 24)`` uint8, in steps of 3 decibels above -60.

    Raises:
        RuntimeError: if librosa is not installed.
    """
    try:
        import librosa
    except ImportError as error:
        raise RuntimeError(
            "frames are made by librosa, which is not installed: pip install 's2s-tutorial[speech]'. "
            "(The corpus 'spoken_digits' ships with the book and can be loaded without it.)"
        ) from error
    power = librosa.feature.melspectrogram(
        y=np.asarray(samples, dtype=np.float64),
        sr=SAMPLE_RATE,
        n_fft=1024,
        win_length=WINDOW,
        hop_length=HOP,
        n_mels=BANDS,
        fmin=60,
        fmax=8000,
    )
    decibels = 10 * np.log10(power.T + 1e-6)
    steps = np.floor((decibels - LOWEST_DB) / STEP_DB)
    return steps.clip(0, 255).astype(np.uint8)

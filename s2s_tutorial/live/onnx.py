"""A model as files of ONNX, which run where neither PyTorch nor this package is."""

from __future__ import annotations

import copy
import hashlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

from s2s_tutorial.attention import scores
from s2s_tutorial.attention.coverage import CoverageAttention
from s2s_tutorial.attention.local import LocalAttention
from s2s_tutorial.attention.location_aware import LocationAwareAttention
from s2s_tutorial.base.folders import check_folder, write_folder
from s2s_tutorial.live.onnx_check import TOLERANCE, ExportError, largest_difference, open_session
from s2s_tutorial.live.onnx_programs import programs
from s2s_tutorial.live.onnx_reading import OPSET
from s2s_tutorial.models.bahdanau import BahdanauDecoder
from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.context_feeding import ContextFeedingDecoder
from s2s_tutorial.models.coverage import CoverageDecoder
from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.models.luong import LuongDecoder
from s2s_tutorial.models.presets import list_presets
from s2s_tutorial.models.rnn_decoder import RNNDecoder
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.saving.tokenizer_state import tokenizer_state
from s2s_tutorial.text.vocabulary import SPECIALS, Vocabulary
from s2s_tutorial.translate.translator import Translator

FORMAT = "s2s-tutorial onnx 1"
FILES = frozenset({"encoder.onnx", "decoder_step.onnx", "model.json"})
_DECODERS = (RNNDecoder, BahdanauDecoder, ContextFeedingDecoder, LuongDecoder, CoverageDecoder)
_ATTENTIONS = (
    type(None),
    scores.AdditiveAttention,
    scores.DotAttention,
    scores.GeneralAttention,
    scores.ConcatAttention,
    scores.LocationAttention,
    LocalAttention,
    LocationAwareAttention,
    CoverageAttention,
)
_PACKAGES = ("onnx", "onnxscript", "onnxruntime")


def export_onnx(
    model: str | Path | Translator, folder: str | Path, overwrite: bool = False
) -> dict[str, Any]:
    """Write a model as two programs of ONNX and a description, checked against PyTorch.

    ``encoder.onnx`` reads a padded batch of sources of any size, once. ``decoder_step.onnx`` takes a
    token of each sentence and what the encoder or the step before gave, by the same names. Both
    compute in float32. ``model.json`` holds vocabularies, tokenizers, and the name, type and shape of
    everything that goes in and comes out.

    Args:
        model: a checkpoint that ``s2s train`` or :meth:`Translator.save` wrote, or the translator.
        folder: where to; it is written whole or not at all.
        overwrite: replace what an earlier export wrote there.

    Returns:
        What ``model.json`` says.

    Raises:
        FileNotFoundError: if there is no such checkpoint.
        CheckpointError: if it is damaged, or has no vocabularies or tokenizers.
        ImportError: if what the extra ``onnx`` brings is not installed, or PyTorch is too old.
        ValueError: if the model is none of those that can be exported; the message lists them.
        FileExistsError: if the folder holds something that is not to be replaced.
        OSError: if it cannot be written.
        ExportError: if the programs give other numbers than PyTorch.
        FloatingPointError: if the model itself gives no numbers.
    """
    _check_target(Path(folder), overwrite)
    check_packages()
    translator = model if isinstance(model, Translator) else Translator.load(model, device="cpu")
    check_exportable(translator.model)
    tokenizers = [tokenizer_state(translator.tokenizer), tokenizer_state(translator.tgt_tokenizer)]
    in_float32 = copy.deepcopy(translator.model).cpu().float().eval()
    in_float32.requires_grad_(False)

    written = {f"{name}.onnx": content for name, content in programs(in_float32).items()}
    sessions = {name: open_session(content) for name, content in written.items()}
    by_name = {Path(name).stem: session for name, session in sessions.items()}
    difference = largest_difference(in_float32, by_name)
    if not difference <= TOLERANCE:
        raise ExportError(
            f"the programs differ from PyTorch by {difference:.1e} in ONNX Runtime, more than "
            f"{TOLERANCE:.0e} allows; nothing was written. With which versions of torch, onnxscript "
            "and onnxruntime?"
        )
    config = translator.model.config
    description = {
        "format": FORMAT,
        "version": _version(),
        "preset": config["preset"],
        "config": config,
        "special_ids": {token: number for number, token in enumerate(SPECIALS)},
        "source_limit": in_float32.source_limit,
        "longest_target": translator.longest_target or None,
        "src": _side(translator.src_vocab, tokenizers[0]),
        "tgt": _side(translator.tgt_vocab, tokenizers[1]),
        "opset": OPSET,
        "largest_difference": difference,
        "files": {
            name: {
                "sha256": hashlib.sha256(written[name]).hexdigest(),
                "inputs": _described(session.get_inputs()),
                "outputs": _described(session.get_outputs()),
            }
            for name, session in sessions.items()
        },
    }
    written["model.json"] = (json.dumps(description, indent=1) + "\n").encode()
    write_folder(folder, written, overwrite)
    return description


def _check_target(folder: Path, overwrite: bool) -> None:
    """Raise OSError unless an export may be written there."""
    check_folder(folder, FILES, overwrite)
    there = folder / "model.json"
    if there.exists() and FORMAT not in there.read_text(encoding="utf-8", errors="replace")[:100]:
        raise FileExistsError(
            f"{there} was not written by s2s, so it is not replaced: name another"
        )


def check_packages() -> None:
    """Raise ImportError unless all that an export needs is installed."""
    if missing := [name for name in _PACKAGES if find_spec(name) is None]:
        raise ImportError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed, which an "
            "export to ONNX needs: run `pip install 's2s-tutorial[onnx]'`"
        )
    if not hasattr(getattr(torch.onnx, "ops", None), "symbolic_multi_out"):
        raise ImportError(f"an export to ONNX needs PyTorch 2.8 or later, not {torch.__version__}")


def check_exportable(model: Seq2Seq) -> None:
    """Raise ValueError unless the model is made of parts that can be exported.

    >>> check_exportable(build_model("bahdanau", 7, 11))
    """
    if _exportable(model):
        return
    which = f"the preset {model.config['preset']!r}" if "preset" in model.config else "this model"
    tiny = {"embedding_size": 2, "hidden_size": 2}
    with torch.random.fork_rng(devices=[]):
        can = [name for name in list_presets() if _exportable(build_model(name, 4, 4, **tiny))]
    raise ValueError(
        f"{which}, as it is built here, cannot be exported to ONNX; these presets can: "
        f"{', '.join(can)}"
    )


def _exportable(model: Seq2Seq) -> bool:
    encoder, decoder = getattr(model, "encoder", None), getattr(model, "decoder", None)
    attention = getattr(decoder, "attention", None)
    looked_at = getattr(attention, "inner", attention)  # a local attention's score
    known = type(attention) in _ATTENTIONS and type(looked_at) in _ATTENTIONS
    return (
        type(encoder) is Encoder
        and type(decoder) in _DECODERS
        and known
        and "preset" in model.config
    )


def _side(vocab: Vocabulary, tokenizer: dict[str, Any]) -> dict[str, Any]:
    return {"tokens": list(vocab.tokens), "tokenizer": tokenizer}


def _described(ports: list[Any]) -> list[dict[str, Any]]:
    """Name, type and shape of what goes into a program or comes out; a word is a size that is free."""
    return [{"name": each.name, "type": each.type, "shape": each.shape} for each in ports]


def _version() -> str:
    import s2s_tutorial

    return s2s_tutorial.__version__

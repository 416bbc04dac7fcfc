"""The model that a checkpoint speaks of: built anew, and told from others."""

from __future__ import annotations

import json
from typing import Any

import torch

from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.classifier import build_classifier
from s2s_tutorial.models.labeller import Labeller
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.models.tagger import build_tagger

LABELLERS = {"tagger": build_tagger, "classifier": build_classifier}


def build_anew(header: dict[str, Any]) -> Seq2Seq | Labeller:
    """The model of the saved configuration; PyTorch's random state stays as it is.

    Args:
        header: with ``config`` and, in all but old files, ``modules``.

    Raises:
        KeyError, TypeError, ValueError: if ``build_model`` cannot make it, or made another one.
    """
    advice = (
        ": the file alone cannot build it. In Python, build the model as before and have its weights "
        "loaded into it: s2s.Translator.load(path, model=model), or s2s.load_checkpoint(path, model)"
    )
    config = dict(header["config"])
    build = build_model if "preset" in config else LABELLERS.get(config.pop("kind", None))
    if build is None:
        raise ValueError(f"its model was not made by build_model{advice}")
    with torch.random.fork_rng(devices=[]):
        model = build(**config)
    built, saved = modules(model), header.get("modules", {})
    for name in sorted(built.keys() & saved.keys()):
        if built[name] != saved[name]:
            raise ValueError(f"its {name} is a {saved[name]}, not a {built[name]}{advice}")
    return model


def modules(model: torch.nn.Module) -> dict[str, str]:
    """The class of each part, by name."""
    return {name: type(part).__name__ for name, part in model.named_modules() if name}


def as_saved(config: dict[str, Any]) -> dict[str, Any]:
    """A configuration as a file gives it back: tuples are lists there.

    Raises:
        TypeError: if JSON cannot say it.
    """
    try:
        return json.loads(json.dumps(config))
    except (TypeError, ValueError) as error:
        raise TypeError(
            "the model's config must be what JSON can say, names, numbers, lists and dicts of "
            f"these, but {error}"
        ) from error


def differences(saved: dict[str, Any], given: dict[str, Any]) -> str:
    """What two configurations say differently, in words."""
    names = [name for name in {**saved, **given} if saved.get(name) != given.get(name)]
    return "; ".join(f"{n} is {saved.get(n)!r} there and {given.get(n)!r} here" for n in names)

"""A reader's own model in a notebook's output, to ask and to lay a hand on; no kernel needed after."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import Any

from s2s_tutorial.live.bundle import bundle, module
from s2s_tutorial.live.web import web_model
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.text.tokenizers import Tokenizer
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.translate.translator import Translator

MOST_PARAMETERS = 10_000_000  # as float16, an output of 27 MB


class LiveModel:
    """What :func:`explore` gives: it shows itself where HTML is shown.

    Attributes:
        html: one ``<div>`` with style sheet, script and weights; it asks no host for anything.

    Example:
        >>> LiveModel("<div></div>").html
        '<div></div>'
    """

    def __init__(self, html: str) -> None:
        self.html = html

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"LiveModel({len(self.html) / 1000:,.0f} kB of HTML; shown where HTML is)"


def explore(
    model: Seq2Seq,
    src_vocab: Vocabulary,
    tgt_vocab: Vocabulary,
    tokenizer: Tokenizer | str = "whitespace",
    tgt_tokenizer: Tokenizer | str | None = None,
    *,
    text: str = "",
    title: str = "",
    weights: str = "float16",
) -> LiveModel:
    """Ask a model of your own in the notebook: type, drag weights, erase words, force others.

    The model goes into the cell's output as a whole and runs there, in the browser: in Colab,
    JupyterLab and VS Code, and in a saved notebook or page later, without a kernel.

    Args:
        model: a trained model of one of the presets that :func:`web_model` takes.
        src_vocab: the vocabulary of its source ids.
        tgt_vocab: the vocabulary of its target ids.
        tokenizer: ``"character"``, ``"whitespace"`` or ``"word"``, or one of these objects.
        tgt_tokenizer: of the target text; None takes ``tokenizer``.
        text: a source sentence to begin with.
        title: what the model is called; empty takes its preset.
        weights: the type of its matrices in the output, ``"float32"``, ``"float16"`` or ``"int8"``.

    Returns:
        A :class:`LiveModel`.

    Raises:
        ValueError: if the engine has no such model or tokenizer, or it has more than ten million
            parameters.

    Example:
        >>> vocab = s2s.Vocabulary(["a", "b"])
        >>> explore(s2s.build_model("bahdanau", 6, 6, hidden_size=8), vocab, vocab, text="a b a")
        LiveModel(... kB of HTML; shown where HTML is)
    """
    if model.parameter_count() > MOST_PARAMETERS:
        raise ValueError(
            f"the model has {model.parameter_count():,} parameters, too many for an output of a "
            f"notebook (at most {MOST_PARAMETERS:,}): `s2s export --to web` writes files instead"
        )
    translator = Translator(model, src_vocab, tgt_vocab, tokenizer, tgt_tokenizer, device="cpu")
    made = web_model(translator, weights=weights)
    content = base64.b64encode(made.weights).decode()
    name = f"s2s-{hashlib.sha256((json.dumps(made.header) + content + text).encode()).hexdigest()[:12]}"
    return LiveModel(_html(name, made.header, content, title or made.header["preset"] or "", text))


def _html(name: str, header: dict[str, Any], content: str, title: str, text: str) -> str:
    # "<" as \\u003c: a token may be "</script>"
    said = json.dumps(header, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    data = {"models": name, "titles": title.replace(",", " "), "text": text, "can": "erase padding"}
    attributes = " ".join(f'data-{key}="{html.escape(value)}"' for key, value in data.items())
    script = f"""(async () => {{
{bundle("boxes/ask.js")}
const bytes = Uint8Array.from(atob("{content}"), (letter) => letter.charCodeAt(0)).buffer;
modules["boxes/models.js"].keep("{name}", modules["model.js"].buildModel({said}, bytes));
const box = document.getElementById("{name}");
await modules["boxes/ask.js"].mount(box);
box.classList.add("s2s-ready");
}})();"""
    fallback = "Here the model answers once scripts may run: trust the notebook, or run the cell."
    return (
        f'<div class="s2s-box" id="{name}" data-lm-suppress-shortcuts="true" {attributes}>'
        f"<p>{fallback}</p></div>"
        f"<style>{module('boxes/boxes.css')}</style><script>{script}</script>"
    )

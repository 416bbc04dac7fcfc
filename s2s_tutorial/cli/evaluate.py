"""``s2s evaluate``: perplexity, exact match, BLEU and chrF of a trained model."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from s2s_tutorial.cli.data import CorpusChoice, choose_corpus, corpus_options, options_from
from s2s_tutorial.cli.generated import Command, section
from s2s_tutorial.cli.model_options import model_options, search_options
from s2s_tutorial.corpora import SPLITS, ParallelCorpus

if TYPE_CHECKING:
    from s2s_tutorial.translate.translator import Translator


@click.command(
    "evaluate",
    cls=Command,
    epilog="""Examples:

    \b
      s2s evaluate --model runs/dates-bahdanau.best.safetensors
      s2s evaluate --model runs/dates-bahdanau.best.safetensors --option size=200
      s2s evaluate --model runs/mine.best.safetensors --tsv 'new.{split}.tsv' --split test --json

    The last one scores all of new.test.tsv. A file without {split} in its name is dealt out to train,
    valid and test, and only the part that --split names is scored.

    Perplexity and the share of right tokens are of the model that is told the true previous words
    (teacher forcing); exact match, BLEU and chrF are of its own translations, compared with the
    text of the file, by sacrebleu, whose signatures say how to compute the same. A model that
    writes lower case is scored without regard to case, and its signatures say case:lc.""",
)
@model_options
@corpus_options
@section(
    "Scores",
    click.option(
        "--split", type=click.Choice(SPLITS), default="test", show_default=True, help="Which part."
    ),
    click.option(
        "--bleu-tokenizer",
        "tokenize",
        help="sacrebleu's tokenizer, such as 13a, zh or none.  [default: what fits the corpus]",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
)
@search_options
def command(
    model, device, corpus, tsv, options, split, as_json, tokenize: str | None, **search
) -> None:
    """Score a trained model on a corpus: by default the one that it was trained on."""
    from s2s_tutorial.cli.corpus_files import difference
    from s2s_tutorial.cli.scoring import bleu_tokenizer, score
    from s2s_tutorial.translate.translator import Translator

    translator = Translator.load(model, device)
    trained_on = CorpusChoice.of(translator.info) if corpus is None and tsv is None else None
    if trained_on is not None:
        choice = replace(trained_on, options=trained_on.options | options_from(options))
    else:
        choice = choose_corpus(corpus, tsv, options)
    if search["replace_unknown"]:
        translator.check_attention("--replace-unknown")
    pairs = _load(choice, split, translator)
    references = [tgt for _, tgt in choice.texts_of(pairs)]
    changed = difference(choice, split, translator.info)
    report = score(
        translator,
        pairs,
        references,
        tokenize or bleu_tokenizer(choice.tokenizer, references),
        beam_size=search["beam_size"],
        length_penalty=search["length_penalty"],
        coverage_penalty=search["coverage_penalty"],
        max_length=search["max_length"],
        min_length=search["min_length"],
        batch_size=search["batch_size"],
        copy_unknown=search["replace_unknown"],
        allow_unknown=search["allow_unknown"],
    )
    if as_json:
        said = {"model": model, "corpus": choice.to_dict(), "split": split} | report.to_dict()
        said |= {"note": changed} if changed else {}
        text = json.dumps(said, indent=1, ensure_ascii=False)
        click.echo(text.encode("utf-8", "backslashreplace"))  # names of files need not be UTF-8
    else:
        click.echo(f"{'corpus':<12}{choice.name}")
        for line in [*report.lines(split), *report.signatures()]:
            click.echo(line)
    if changed:
        click.echo(f"Note: {changed}; these scores do not compare with those before.", err=True)


def _load(choice: CorpusChoice, split: str, translator: Translator) -> ParallelCorpus:
    """The pairs; a file of one's own may have been named from another folder."""
    try:
        return choice.load(split, translator.tokenizer, translator.tgt_tokenizer)
    except FileNotFoundError as error:
        if choice.name != "tsv":
            raise
        raise FileNotFoundError(
            f"{error}: the pairs to score are looked for where --tsv said, seen from this folder; "
            "say --tsv FILE with the path from here"
        ) from error

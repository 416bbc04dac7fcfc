"""How well the models translate: Multi30k German to English, several recipes, several seeds.

Lower-cased tokenised files; test_2016_flickr; sacreBLEU on those tokens (``tokenize="none"``;
subwords are joined back to them). Checkpoint, length penalty and the copying of unknown words
are chosen on the validation set; the test set is looked at once, at the end of a run.

    python -m benchmarks.quality                        # everything: a day on one core
    python -m benchmarks.quality --recipes words --seeds 1
    python -m benchmarks.quality --summary              # the table of what is there

On a processor with bfloat16 products training uses them, and the row says so; on others float32.
Each process uses one thread: start several for several cores, with ``--seeds`` or ``--recipes``
apart and ``--out`` of their own. Stopped runs go on where they were.

The translations of seed 0 are kept as well, in the folder ``translations`` beside the results.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import torch

import s2s_tutorial as s2s
from benchmarks.quality_data import Task
from benchmarks.quality_recipes import RECIPES
from benchmarks.quality_translations import translations_path, write_translations
from benchmarks.results_file import ResultsFile
from s2s_tutorial.machine.precision import compute_dtype, fast_precision
from s2s_tutorial.training.history import INTERRUPTED

RESULTS = Path(__file__).parent / "results" / "quality.json"
RUNS = Path(__file__).parent.parent / ".cache" / "quality"
PENALTIES = (0.0, 0.6, 1.0, 1.3, 1.6, 2.0)
SETUP = {
    "corpus": "multi30k de-en, version tok, test_2016_flickr",
    "bleu": "sacrebleu, tokenize=none",
    "beam_size": 5,
    "length_penalties_tried": PENALTIES,
    "threads": 1,
}


def build(task: Task, recipe: dict) -> s2s.Seq2Seq:
    """The recipe's model, untrained."""
    sizes = (len(task.src_vocab), len(task.tgt_vocab))
    return s2s.build_model(recipe["preset"], *sizes, **recipe["model"])


def train(
    task: Task, recipe: dict, seed: int, name: str, build: Callable[..., s2s.Seq2Seq] = build
) -> tuple[s2s.Seq2Seq, s2s.History, float | None]:
    """The model of the best validation BLEU by greedy decoding, its history, and its CPU time.

    Of a run that was stopped in between, the CPU time is unknown.
    """
    torch.manual_seed(seed)
    model = build(task, recipe)
    batches = task.batches("train", recipe["batch_size"], seed)
    per_epoch = len(batches)
    config = s2s.TrainConfig(
        steps=recipe["epochs"] * per_epoch,
        evaluate_every=recipe.get("evaluate_epochs", 1) * per_epoch,
        seed=seed,
        device="cpu",
        checkpoint=RUNS / f"{name}.safetensors",
        precision=fast_precision("cpu"),
        restore_best=True,
        **recipe["train"],
    )
    valid = task.batches("valid", 128)
    resumed = config.checkpoint.exists()
    started = time.process_time()
    history = s2s.fit(
        model,
        batches,
        valid,
        config,
        resume=True,
        metric=lambda m: task.bleu("valid", task.translate(m, "valid")),
    )
    if history.stopped == INTERRUPTED:
        raise KeyboardInterrupt("half a run is not scored; start it again and it goes on")
    return model, history, None if resumed else time.process_time() - started


def score(task: Task, model: s2s.Seq2Seq) -> tuple[dict, dict[str, list[str]]]:
    """Validation chooses penalty and copying, by beam search; then the test set, once.

    Returns:
        The scores, and the translations of the test set: ``"greedy"`` and ``"beam"``.
    """
    tried = {}
    for penalty in PENALTIES:
        decoded = task.decode(model, "valid", beam_size=5, length_penalty=penalty)
        for copy in (False, True):
            tried[penalty, copy] = task.bleu("valid", task.text(decoded, "valid", copy))
    penalty, copy = max(tried, key=tried.get)
    greedy = task.translate(model, "test", copy_unknown=copy)
    beam = task.translate(model, "test", copy, beam_size=5, length_penalty=penalty)
    references = task.references("test")
    scores = {
        "length_penalty": penalty,
        "copy_unknown": copy,
        "valid_beam": round(tried[penalty, copy], 2),
        "test_greedy": round(task.bleu("test", greedy), 2),
        "test_beam": round(task.bleu("test", beam), 2),
        "test_greedy_chrf": round(s2s.chrf(greedy, references).score, 2),
        "test_beam_chrf": round(s2s.chrf(beam, references).score, 2),
        "signature": s2s.bleu(beam, references, tokenize="none").signature,
    }
    return scores, {"greedy": greedy, "beam": beam}


def run(name: str, seed: int, folder: Path) -> dict:
    """One recipe from one seed, from data to scores; seed 0's translations go to the folder."""
    recipe = RECIPES[name]
    task = Task(recipe["units"], **recipe.get("vocabulary", {}))
    model, history, seconds = train(task, recipe, seed, f"{name}-{seed}")
    scores, translations = score(task, model)
    if seed == 0:
        write_translations(translations_path(folder, name), translations)
    updates = history.steps_done
    return {
        "recipe": name,
        "seed": seed,
        "settings": recipe,
        "precision": str(compute_dtype(fast_precision("cpu"), "cpu")).removeprefix("torch."),
        **scores,
        "parameters": model.parameter_count(),
        "src_vocab": len(task.src_vocab),
        "tgt_vocab": len(task.tgt_vocab),
        "updates": updates,
        "valid_loss": [round(x, 4) for x in history.valid_loss],
        "valid_greedy": [round(x, 2) for x in history.valid_metric],
        "cpu_minutes": seconds and round(seconds / 60, 1),
        "tokens_per_cpu_second": seconds and round(sum(history.tokens) / seconds),
    }


def summary(path: Path) -> str:
    """Mean and 95 % interval over the seeds, a line a recipe."""
    runs = ResultsFile(path, SETUP, "").content["runs"]
    lines = [f"{'recipe':24} seeds  {'greedy':>14}  {'beam 5':>14}  parameters  CPU minutes"]
    for name in dict.fromkeys(r["recipe"] for r in runs):
        ours = [r for r in runs if r["recipe"] == name]
        cells = []
        for column in ("test_greedy", "test_beam"):
            scores = [r[column] for r in ours]
            if len(scores) > 1:
                mean, half = s2s.mean_interval([[score] for score in scores])
                cells.append(f"{float(mean[0]):7.2f} ± {float(half[0]):4.2f}")
            else:
                cells.append(f"{scores[0]:7.2f}       ")
        timed = [r["cpu_minutes"] for r in ours if r["cpu_minutes"]]
        minutes = f"{sum(timed) / len(timed):.0f}" if timed else "?"  # of a stopped run unknown
        lines.append(
            f"{name:24} {len(ours):5}  {cells[0]}  {cells[1]}  {ours[0]['parameters']:10,}  "
            f"{minutes:>11}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--recipes", nargs="+", default=list(RECIPES), choices=list(RECIPES))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--summary", action="store_true", help="print the table and stop")
    args = parser.parse_args()
    if not args.summary:
        torch.set_num_threads(1)
        results = ResultsFile(args.out, SETUP, "python -m benchmarks.quality")
        for seed in args.seeds:
            for name in args.recipes:
                if results.find(recipe=name, seed=seed) is None:
                    print(f"{name}, seed {seed}", flush=True)
                    results.add(run(name, seed, args.out.parent / "translations"))
    print(summary(args.out))


if __name__ == "__main__":
    main()

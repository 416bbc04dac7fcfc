// One or two models that learn the same game from the same strings, one update after the other.

import { Adam, clip } from "./adam.js";
import { BOS, EOS, Game, letter, makeBatch } from "./game.js";
import { initialise } from "./initial.js";
import { buildModel } from "./models.js";
import { checkSettings } from "./settings.js";
import { Tape } from "./tape.js";
import { crossEntropy } from "./tape_sums.js";

const CLIP = 1;

/** The loss is no longer a number. */
export class Diverged extends Error {}

/** The learning rate of an update, counted from 0: a third from update 250 on. */
export const rateAt = (rate, update) => (update < 250 ? rate : rate / 3);

/** The mean loss of a batch with teacher forcing. @returns {Matrix} (1, 1) */
export function lossOf(tape, model, { src, tgt_in, tgt_out }) {
  const encoded = model.encode(tape, src), logits = [];
  let state = model.start(tape, encoded);
  for (const ids of tgt_in) {
    const step = model.step(tape, ids, state, encoded);
    logits.push(step.logits);
    state = step.state;
  }
  return crossEntropy(tape, logits, tgt_out);
}

/** Write as many tokens as asked for, each the likeliest, with each fed back. @returns columns of ids, and weights */
export function write(tape, model, src, steps) {
  const encoded = model.encode(tape, src), written = [], weights = [];
  let state = model.start(tape, encoded), ids = src[0].map(() => BOS);
  for (let i = 0; i < steps; i++) {
    const step = model.step(tape, ids, state, encoded), { data, columns } = step.logits;
    ids = ids.map((_, row) => {
      const scores = data.subarray(row * columns, (row + 1) * columns);
      return scores.indexOf(Math.max(...scores));
    });
    written.push(ids);
    weights.push(step.weights);
    state = step.state;
  }
  return { written, weights };
}

/** A model in training. */
class Learner {
  constructor(kind, settings, vocabulary) {
    this.kind = kind;
    this.model = buildModel(kind, { ...settings, vocabulary });
    initialise(this.model, settings.seed);
    this.adam = new Adam(Object.values(this.model.parameters));
    this.tape = new Tape();
    this.reading = new Tape(false);
  }

  /** Forward, backward, clip, step. @returns {number} the loss before the step */
  update(batch, rate) {
    const loss = lossOf(this.tape, this.model, batch), value = loss.data[0];
    if (!Number.isFinite(value)) throw new Diverged("The loss is no longer a number: a smaller learning rate helps. Reset starts anew.");
    this.tape.backward(loss);
    this.tape.clear();
    clip(this.adam.parameters, CLIP);
    this.adam.step(rate);
    return value;
  }

  /** The share of strings of one length written without a mistake. */
  accuracy(strings) {
    const { src, tgt_out } = makeBatch(strings), { written } = write(this.reading, this.model, src, tgt_out.length);
    this.reading.clear();
    return strings.filter((_, row) => tgt_out.every((ids, i) => written[i][row] === ids[row])).length / strings.length;
  }

  /** One string, what is written of it, and the weights of each step; null without attention. */
  look(string) {
    const { src, tgt_out } = makeBatch([string]), { written, weights } = write(this.reading, this.model, src, tgt_out.length);
    const ids = written.map(([id]) => id), end = ids.indexOf(EOS), steps = end < 0 ? ids.length : end + 1;
    const map = weights[0] && weights.slice(0, steps).map(({ data }) => [...data]);
    this.reading.clear();
    return { src: string.map(letter), written: ids.slice(0, steps).map(letter), weights: map };
  }
}

export class Trainer {
  /** @throws {SettingError} if the settings cannot be */
  constructor(given) {
    this.settings = checkSettings(given);
    this.game = new Game(this.settings);
    this.learners = this.settings.models.map((kind) => new Learner(kind, this.settings, this.game.vocabulary));
    this.updates = 0;
  }

  /** One update of each model, on the same strings. @returns {Record<string, number>} losses by kind of model */
  update() {
    const batch = makeBatch(this.game.strings()), rate = rateAt(this.settings.rate, this.updates++);
    return Object.fromEntries(this.learners.map((each) => [each.kind, each.update(batch, rate)]));
  }

  /** Exact match on the strings of n letters that are kept for tests. @returns {Record<string, number>} */
  accuracy(n) {
    return Object.fromEntries(this.learners.map((each) => [each.kind, each.accuracy(this.game.tests[n - 1])]));
  }

  /** What each model writes of the longest string, and where it looks. @returns {Record<string, object>} */
  look() {
    return Object.fromEntries(this.learners.map((each) => [each.kind, each.look(this.game.tests.at(-1)[0])]));
  }
}

// The two models of chapters 2 and 3, with the parameters' names of PyTorch's state_dict of s2s.build_model.
// A model has encode, start and step, and training and writing both go through them.

import { CELLS, update, zeroState } from "./cells.js";
import { Matrix } from "./tape.js";
import { maxout, rowDots, softmax, weightedSum } from "./tape_sums.js";

/** Names and shapes of a linear layer, of a cell, of an encoder. */
const linear = (name, out, size, bias = true) => ({ [`${name}.weight`]: [out, size], ...(bias && { [`${name}.bias`]: [out] }) });
const cellShapes = (name, gates, H, size, end = "") => ({
  [`${name}weight_ih${end}`]: [gates * H, size], [`${name}weight_hh${end}`]: [gates * H, H],
  [`${name}bias_ih${end}`]: [gates * H], [`${name}bias_hh${end}`]: [gates * H],
});
const encoderShapes = ({ vocabulary, embedding, units }, gates, ends) => Object.assign(
  { "encoder.embedding.weight": [vocabulary, embedding] },
  ...ends.map((end) => cellShapes("encoder.rnn.", gates, units, embedding, end)));

class Model {
  /** @param {Record<string, number[]>} shapes of the parameters, by name */
  constructor(settings, shapes) {
    Object.assign(this, settings, { shapes, parameters: {} });
    for (const [name, shape] of Object.entries(shapes))
      this.parameters[name] = Matrix.parameter(...(shape.length === 1 ? [1, shape[0]] : shape));
  }

  /** Take the weights of a dictionary with the package's names. @param {Record<string, ArrayLike<number>>} weights */
  load(weights) {
    for (const [name, { data }] of Object.entries(this.parameters)) {
      if (weights[name]?.length !== data.length) throw new Error(`${name} needs ${data.length} numbers, not ${weights[name]?.length}`);
      data.set(weights[name]);
    }
  }

  /** The four arrays of a cell: "encoder.rnn.", "_l0". */
  cellOf(name, end = "") {
    const of = (part) => this.parameters[`${name}${part}${end}`];
    return { weight_ih: of("weight_ih"), weight_hh: of("weight_hh"), bias_ih: of("bias_ih"), bias_hh: of("bias_hh") };
  }

  /** h_1 ... h_S of one direction. @param {number[][]} src S columns of ids @returns {object[]} S states */
  read(tape, src, end = "_l0") {
    const W = this.cellOf("encoder.rnn.", end), states = [];
    let state = zeroState(tape, src[0].length, this.units);
    for (const ids of src) {
      state = update(tape, this.cell, W, tape.embedding(this.parameters["encoder.embedding.weight"], ids), state);
      states.push(state);
    }
    return states;
  }

  /** E y_{i-1}: (n, embedding). */
  embed(tape, ids) {
    return tape.embedding(this.parameters["decoder.embedding.weight"], ids);
  }

  /** W_o x + b_o: (n, vocabulary). */
  output(tape, x) {
    return tape.linear(x, this.parameters["decoder.output.weight"], this.parameters["decoder.output.bias"]);
  }
}

/** Chapter 2: all that the decoder learns of the source is the encoder's last state. The presets rnn, gru and lstm. */
export class OneVector extends Model {
  constructor(settings) {
    const { cell, vocabulary, embedding, units } = settings, { gates } = CELLS[cell];
    super(settings, {
      ...encoderShapes(settings, gates, ["_l0"]),
      "decoder.embedding.weight": [vocabulary, embedding],
      ...cellShapes("decoder.rnn.", gates, units, embedding, "_l0"),
      ...linear("decoder.output", vocabulary, units),
    });
  }

  encode(tape, src) {
    return { memory: this.read(tape, src) };
  }

  /** s_0 = c = h_S. */
  start(tape, { memory }) {
    return memory.at(-1);
  }

  /** s_i = f(E y_{i-1}, s_{i-1}); logits = W_o s_i + b_o. */
  step(tape, ids, state) {
    const next = update(tape, this.cell, this.cellOf("decoder.rnn.", "_l0"), this.embed(tape, ids), state);
    return { logits: this.output(tape, next.h), state: next, weights: null };
  }
}

/** Chapter 3, the preset bahdanau: a BiGRU, and a decoder that looks back before each of its steps. */
export class Bahdanau extends Model {
  constructor(settings) {
    const { vocabulary, embedding, units } = settings, memory = 2 * units, pieces = Math.max(units >> 1, 1);
    super({ ...settings, cell: "gru" }, {
      ...encoderShapes(settings, 3, ["_l0", "_l0_reverse"]),
      "decoder.embedding.weight": [vocabulary, embedding],
      "decoder.attention.W_q": [units, units], "decoder.attention.W_k": [units, memory], "decoder.attention.v": [units],
      ...linear("decoder.output", vocabulary, pieces),
      ...linear("decoder.start", units, units, false),
      ...cellShapes("decoder.cell.", 3, units, embedding + memory),
      ...linear("decoder.readout_layer", 2 * pieces, units + embedding + memory),
    });
  }

  /** h_j = [forward h_j; backward h_j], keys_j = W_k h_j. */
  encode(tape, src) {
    const forward = this.read(tape, src), backward = this.read(tape, [...src].reverse(), "_l0_reverse").reverse();
    const memory = forward.map((state, j) => tape.concat([state.h, backward[j].h]));
    return { memory, keys: memory.map((h) => tape.linear(h, this.parameters["decoder.attention.W_k"])), first: backward[0].h };
  }

  /** s_0 = tanh(W_s backward h_1). */
  start(tape, { first }) {
    return { h: tape.tanh(tape.linear(first, this.parameters["decoder.start.weight"])) };
  }

  /** e_ij = v . tanh(W_q s_{i-1} + keys_j), weights = softmax(e_i), context = sum_j weights_j h_j. */
  attend(tape, query, { memory, keys }) {
    const { "decoder.attention.W_q": W_q, "decoder.attention.v": v } = this.parameters;
    const asked = tape.linear(query, W_q);
    const scores = keys.map((key) => tape.linear(tape.tanh(tape.add(asked, key)), v));
    const weights = softmax(tape, tape.concat(scores));
    return { context: weightedSum(tape, weights, memory), weights };
  }

  /** Look with s_{i-1}, then s_i = GRU([E y_{i-1}; c_i], s_{i-1}), then maxout([s_i; E y_{i-1}; c_i]). */
  step(tape, ids, state, encoded) {
    const embedded = this.embed(tape, ids), { context, weights } = this.attend(tape, state.h, encoded);
    const next = update(tape, "gru", this.cellOf("decoder.cell."), tape.concat([embedded, context]), state);
    const { "decoder.readout_layer.weight": W, "decoder.readout_layer.bias": b } = this.parameters;
    const read = maxout(tape, tape.linear(tape.concat([next.h, embedded, context]), W, b));
    return { logits: this.output(tape, read), state: next, weights };
  }
}

/** Chapter 4's order, the preset luong_general: the one-vector model that may also look back after each of its steps. */
export class Luong extends Model {
  constructor(settings) {
    const { cell, vocabulary, embedding, units } = settings, { gates } = CELLS[cell];
    super(settings, {
      ...encoderShapes(settings, gates, ["_l0"]),
      "decoder.embedding.weight": [vocabulary, embedding],
      "decoder.attention.W": [units, units],
      ...linear("decoder.output", vocabulary, units),
      ...cellShapes("decoder.rnn.", gates, units, embedding, "_l0"),
      ...linear("decoder.combine", units, 2 * units, false),
    });
  }

  /** keys_j = W h_j, so that query . keys_j is the general score. */
  encode(tape, src) {
    const states = this.read(tape, src), memory = states.map(({ h }) => h);
    return { memory, last: states.at(-1), keys: memory.map((h) => tape.linear(h, this.parameters["decoder.attention.W"])) };
  }

  start(tape, { last }) {
    return last;
  }

  /** h_t = f(E y_{t-1}, h_{t-1}); a_t = softmax(h_t . W h_s); logits from tanh(W_c [c_t; h_t]). */
  step(tape, ids, state, { memory, keys }) {
    const next = update(tape, this.cell, this.cellOf("decoder.rnn.", "_l0"), this.embed(tape, ids), state);
    const weights = softmax(tape, tape.concat(keys.map((key) => rowDots(tape, next.h, key))));
    const context = weightedSum(tape, weights, memory);
    const attentional = tape.tanh(tape.linear(tape.concat([context, next.h]), this.parameters["decoder.combine.weight"]));
    return { logits: this.output(tape, attentional), state: next, weights };
  }
}

/** The model of a kind ("vector" or "attention") with a cell. */
export function buildModel(kind, settings) {
  if (kind === "vector") return new OneVector(settings);
  return settings.cell === "gru" ? new Bahdanau(settings) : new Luong(settings);
}

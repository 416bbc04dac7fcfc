/**
 * The four decoders: `initState(encoded)`, then `step(token, state, encoded, keys, change)`, which
 * gives `{logits, state, weights}`; `weights` is null without attention. `change` as in attend().
 */

import { attend, makeAttention } from "./attention.js";
import { Cell, embed, stackStep } from "./cells.js";
import { concat, Linear, tanh } from "./vectors.js";

/** What all share: target embeddings, output layer, attention. */
class Decoder {
  constructor(weights, { scale, attention, query_size }) {
    this.embedding = weights["decoder.embedding.weight"];
    this.scale = scale;
    this.output = linear(weights, "decoder.output");
    this.attention = attention === null ? null : makeAttention(attention, weights, query_size);
  }

  /** The attention's keys, once a sentence; null without attention. */
  projectKeys(encoded) {
    return this.attention === null ? null : this.attention.projectKeys(encoded.memory);
  }

  embed(token) {
    return embed(this.embedding, token, this.scale);
  }
}

/** No attention: $s_0$ is the encoder's final state, $s_i = f(s_{i-1}, E y_{i-1})$ (chapter 2). */
export class RNNDecoder extends Decoder {
  constructor(weights, options) {
    super(weights, options);
    this.cells = stack(weights, options);
  }

  initState(encoded) {
    return { recurrent: encoded.final_state };
  }

  step(token, state) {
    const recurrent = stackStep(this.cells, this.embed(token), state.recurrent);
    return { logits: this.output.of(recurrent.at(-1).h), state: { recurrent }, weights: null };
  }
}

/** Bahdanau's order: look with $s_{i-1}$, then update the state (chapter 3). */
export class BahdanauDecoder extends Decoder {
  constructor(weights, options) {
    super(weights, options);
    this.start = linear(weights, "decoder.start");
    this.cell = Cell.from(weights, "decoder.cell.", "gru");
    this.readout_layer = linear(weights, "decoder.readout_layer");
    this.readout = options.readout;
  }

  /** $s_0 = \tanh(W_s \overleftarrow{h}_1)$. */
  initState({ final_state }) {
    return { recurrent: { h: tanh(this.start.of(backwardHalf(final_state))) } };
  }

  step(token, { recurrent }, encoded, keys, change = null) {
    const embedded = this.embed(token);
    const { context, weights } = attend(this.attention, recurrent.h, keys, encoded, change);
    const s = this.cell.step(concat(embedded, context), recurrent);
    const mixed = this.readout_layer.of(concat(s.h, embedded, context));
    const read = this.readout === "tanh" ? tanh(mixed) : maxout(mixed);
    return { logits: this.output.of(read), state: { recurrent: s }, weights };
  }
}

/** Luong's order: update the state, then look with $h_t$; $\tilde h_t = \tanh(W_c[c_t; h_t])$ (chapter 4). */
export class LuongDecoder extends Decoder {
  constructor(weights, options) {
    super(weights, options);
    this.cells = stack(weights, options);
    this.combine = linear(weights, "decoder.combine");
    this.input_feeding = options.input_feeding;
  }

  initState(encoded) {
    const fed = this.input_feeding ? new Float32Array(this.combine.W.rows) : null;
    return { recurrent: encoded.final_state, fed };
  }

  step(token, state, encoded, keys, change = null) {
    const embedded = this.embed(token);
    const input = this.input_feeding ? concat(embedded, state.fed) : embedded;
    const recurrent = stackStep(this.cells, input, state.recurrent);
    const query = recurrent.at(-1).h;
    const { context, weights } = attend(this.attention, query, keys, encoded, change);
    const attentional = tanh(this.combine.of(concat(context, query)));
    const fed = this.input_feeding ? attentional : null;
    return { logits: this.output.of(attentional), state: { recurrent, fed }, weights };
  }
}

/** GRU over $[E y_{t-1}; c_{t-1}]$, then look with $h_t$; output from $[h_t; c_t]$. */
export class ContextFeedingDecoder extends Decoder {
  constructor(weights, options) {
    super(weights, options);
    this.start = "decoder.start.weight" in weights ? linear(weights, "decoder.start") : null;
    this.cell = Cell.from(weights, "decoder.cell.", "gru");
  }

  initState({ final_state, memory }) {
    const backward = backwardHalf(final_state);
    const h = this.start === null ? backward : this.start.of(backward);
    return { recurrent: { h }, fed: new Float32Array(memory[0].length) };
  }

  step(token, state, encoded, keys, change = null) {
    const recurrent = this.cell.step(concat(this.embed(token), state.fed), state.recurrent);
    const { context, weights } = attend(this.attention, recurrent.h, keys, encoded, change);
    const logits = this.output.of(concat(recurrent.h, context));
    return { logits, state: { recurrent, fed: context }, weights };
  }
}

const DECODERS = { RNNDecoder, BahdanauDecoder, LuongDecoder, ContextFeedingDecoder };

/** The decoder of that class. */
export const makeDecoder = (weights, options) => new DECODERS[options.kind](weights, options);

/** $\overleftarrow{h}_1$: the backward half of the top layer's state. */
const backwardHalf = (final_state) => final_state.at(-1).h.subarray(final_state.at(-1).h.length / 2);

/** The larger of each pair of numbers (Goodfellow et al., 2013). */
const maxout = (mixed) =>
  Float32Array.from({ length: mixed.length / 2 }, (_, k) => Math.max(mixed[2 * k], mixed[2 * k + 1]));

const linear = (weights, name) => new Linear(weights[`${name}.weight`], weights[`${name}.bias`] ?? null);

const stack = (weights, { cell, layers }) =>
  Array.from({ length: layers }, (_, layer) => Cell.from(weights, "decoder.rnn.", cell, `_l${layer}`));

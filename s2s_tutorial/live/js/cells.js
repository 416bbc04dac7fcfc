/** Recurrent cells: one update each, and a stack of layers (chapters 1, 2 and 5). */

import { concat, Linear, sigmoid } from "./vectors.js";

/** Vanilla: $h_t = \tanh(a + b)$, $a = W_{ih} x_t + b_{ih}$, $b = W_{hh} h_{t-1} + b_{hh}$. */
export const rnnUpdate = (a, b) => ({ h: a.map((number, k) => Math.tanh(number + b[k])) });

/** GRU: $r, z = \sigma(a + b)$, $n = \tanh(a_n + r b_n)$, $h_t = n + z (h_{t-1} - n)$. */
export function gruUpdate(a, b, { h }) {
  const size = h.length;
  const updated = h.map((old, k) => {
    const reset = sigmoid(a[k] + b[k]);
    const update = sigmoid(a[size + k] + b[size + k]);
    const fresh = Math.tanh(a[2 * size + k] + reset * b[2 * size + k]);
    return fresh + update * (old - fresh);
  });
  return { h: updated };
}

/** LSTM: $c_t = \sigma(f) c_{t-1} + \sigma(i) \tanh(g)$, $h_t = \sigma(o) \tanh(c_t)$. */
export function lstmUpdate(a, b, { c }) {
  const size = c.length;
  const gate = (which, k) => a[which * size + k] + b[which * size + k];
  const cell = c.map(
    (old, k) => sigmoid(gate(1, k)) * old + sigmoid(gate(0, k)) * Math.tanh(gate(2, k)),
  );
  return { h: cell.map((number, k) => sigmoid(gate(3, k)) * Math.tanh(number)), c: cell };
}

const UPDATES = { rnn: rnnUpdate, gru: gruUpdate, lstm: lstmUpdate };

/** One layer, one direction; its state is `{h}`, or `{h, c}` for an LSTM. */
export class Cell {
  constructor(kind, fromInput, fromState) {
    Object.assign(this, { kind, fromInput, fromState, update: UPDATES[kind] });
  }

  /** A layer of `weights` (name -> tensor), named as PyTorch names them. */
  static from(weights, prefix, kind, suffix = "") {
    const linear = (name) =>
      new Linear(weights[`${prefix}weight_${name}${suffix}`], weights[`${prefix}bias_${name}${suffix}`]);
    return new Cell(kind, linear("ih"), linear("hh"));
  }

  /** The state of zeros. */
  zeros() {
    const size = this.fromState.W.columns;
    const state = { h: new Float32Array(size) };
    return this.kind === "lstm" ? { ...state, c: new Float32Array(size) } : state;
  }

  /** $h_t$ (and $c_t$) from $x_t$ and the state before. */
  step(x, state) {
    return this.update(this.fromInput.of(x), this.fromState.of(state.h), state);
  }
}

/** One step of layers on top of each other: the new states, a layer each. */
export function stackStep(cells, x, states) {
  const updated = [];
  for (const [layer, cell] of cells.entries()) {
    updated.push(cell.step(layer === 0 ? x : updated[layer - 1].h, states[layer]));
  }
  return updated;
}

/** The encoder: an embedding, then recurrent layers in one direction or both (chapters 2, 3, 5). */
export class Encoder {
  constructor(weights, { cell, layers, bidirectional, scale }) {
    this.embedding = weights["encoder.embedding.weight"];
    this.scale = scale;
    const cells = (back) =>
      Array.from({ length: layers }, (_, layer) =>
        Cell.from(weights, "encoder.rnn.", cell, `_l${layer}${back}`),
      );
    this.forward = cells("");
    this.backward = bidirectional ? cells("_reverse") : null;
  }

  /**
   * Reads a source of token ids.
   *
   * `padding` positions of zeros are put behind it, as in a batch with longer sentences; the
   * network stops at the sentence's own end, and `src_mask` says which positions are real.
   */
  read(src, padding = 0) {
    let below = src.map((id) => embed(this.embedding, id, this.scale));
    const final_state = [];
    for (const [layer, cell] of this.forward.entries()) {
      const there = run(cell, below);
      if (this.backward === null) {
        below = there.map((state) => state.h);
        final_state.push(there.at(-1));
      } else {
        const back = run(this.backward[layer], [...below].reverse()).reverse();
        below = there.map((state, j) => concat(state.h, back[j].h));
        final_state.push(joined(there.at(-1), back[0]));
      }
    }
    const nothing = Array.from({ length: padding }, () => new Float32Array(below[0].length));
    const src_mask = [...src.map(() => true), ...nothing.map(() => false)];
    return { memory: [...below, ...nothing], final_state, src_mask };
  }
}

/** The vector of a token. */
export function embed(embedding, id, scale) {
  const vector = embedding.row(id);
  return scale === 1 ? vector : vector.map((number) => number * scale);
}

function run(cell, inputs) {
  const states = [];
  for (const x of inputs) states.push(cell.step(x, states.at(-1) ?? cell.zeros()));
  return states;
}

function joined(forward, backward) {
  const state = { h: concat(forward.h, backward.h) };
  return forward.c === undefined ? state : { ...state, c: concat(forward.c, backward.c) };
}

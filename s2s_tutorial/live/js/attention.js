/** Attention: `query, keys, values, mask -> context, weights` (chapters 3 and 4). */

import { add, dot, tanh } from "./vectors.js";

/** Softmax of the scores where the mask is true, 0 elsewhere; all zeros where nothing is real. */
export function maskedSoftmax(scores, mask) {
  const largest = scores.reduce((a, e, j) => (mask[j] ? Math.max(a, e) : a), -Infinity);
  const exps = scores.map((e, j) => (mask[j] ? Math.exp(e - largest) : 0));
  const sum = exps.reduce((a, b) => a + b, 0);
  return exps.map((exp) => (sum > 0 ? exp / sum : 0));
}

/** $c_i = \sum_j \alpha_{ij} h_j$. */
export function weightedSum(weights, values) {
  const context = new Float32Array(values[0].length);
  for (const [j, value] of values.entries()) {
    for (let k = 0; k < context.length; k++) context[k] += weights[j] * value[k];
  }
  return context;
}

/** $e_{ij} = v^\top \tanh(W_q q_i + W_k k_j)$ (Bahdanau et al., 2015). */
export class AdditiveAttention {
  constructor(weights, prefix) {
    this.W_q = weights[`${prefix}W_q`];
    this.W_k = weights[`${prefix}W_k`];
    this.v = weights[`${prefix}v`];
  }

  /** $W_k k_j$ of every position, once a sentence. */
  projectKeys(memory) {
    return memory.map((h) => this.W_k.times(h));
  }

  /** One score a position. */
  score(query, keys) {
    const projected = this.W_q.times(query);
    return keys.map((key) => dot(this.v, tanh(add(projected, key))));
  }
}

/** $e_{ij} = q_i^\top k_j$ (Luong et al., 2015). */
export class DotAttention {
  projectKeys(memory) {
    return memory;
  }

  score(query, keys) {
    return keys.map((key) => dot(query, key));
  }
}

/** $e_{ij} = q_i^\top W k_j$ (Luong et al., 2015). */
export class GeneralAttention {
  constructor(weights, prefix) {
    this.W = weights[`${prefix}W`];
  }

  projectKeys(memory) {
    return memory.map((h) => this.W.times(h));
  }

  score(query, keys) {
    return keys.map((key) => dot(query, key));
  }
}

/** $e_{ij} = v^\top \tanh(W [q_i; k_j])$ (Luong et al., 2015): the additive score with $W = [W_q, W_k]$. */
export class ConcatAttention extends AdditiveAttention {
  constructor(weights, prefix, query_size) {
    super(weights, prefix);
    const W = weights[`${prefix}W`];
    this.W_q = W.part(0, query_size);
    this.W_k = W.part(query_size, W.columns);
  }
}

/** $e_i = W q_i$: a score for each position, whatever stands there (Luong et al., 2015, eq. 8). */
export class LocationAttention {
  constructor(weights, prefix) {
    this.W = weights[`${prefix}W`];
  }

  /** The longest source there is a row of $W$ for. */
  get source_limit() {
    return this.W.rows;
  }

  projectKeys(memory) {
    return memory;
  }

  score(query, keys) {
    return Array.from(this.W.times(query).subarray(0, keys.length));
  }
}

const ATTENTIONS = {
  AdditiveAttention,
  DotAttention,
  GeneralAttention,
  ConcatAttention,
  LocationAttention,
};

/** The attention of that class, of a decoder's `weights`. */
export function makeAttention(kind, weights, query_size) {
  return new ATTENTIONS[kind](weights, "decoder.attention.", query_size);
}

/**
 * Where to look, and what one sees there.
 *
 * `change`, if given, gets the weights before they are used and returns those to use: this is how
 * a reader's hand comes in.
 */
export function attend(attention, query, keys, encoded, change = null) {
  let weights = maskedSoftmax(attention.score(query, keys), encoded.src_mask);
  if (change !== null) weights = change(weights);
  return { context: weightedSum(weights, encoded.memory), weights };
}

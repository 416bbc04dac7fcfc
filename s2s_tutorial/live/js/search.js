/** Greedy decoding and beam search (chapters 3 and 6). */

import { logSoftmax } from "./vectors.js";
import { BOS, EOS, PAD } from "./text.js";

/** What search starts from: the source as it was read, as `prepare` leaves it. */
function begin(model, src, { padding = 0, prepare = null }) {
  const begun = model.begin(src, padding);
  return prepare === null ? begun : { ...begun, encoded: prepare(begun.encoded) };
}

/** Log-probabilities of the next token, `<pad>` and `<bos>` ruled out. */
function tokenLogProbabilities(logits) {
  const log_probs = logSoftmax(logits);
  log_probs[PAD] = log_probs[BOS] = -Infinity;
  return log_probs;
}

/**
 * Takes the most probable token at every step, $\arg\max_y \log p(y \mid \hat y_{<i}, x)$, and tells each as it is taken.
 *
 * Options: `max_length`; `padding` behind the source; `prepare(encoded)` for what is looked at (its
 * `src_mask`); `change(weights, i)` for step i's weights; `force` (step -> token id) for tokens that
 * the reader writes.
 * A step is `{id, log_prob, weights, top}`, `<eos>`'s too where it is reached; `top` are its five best.
 */
export function* greedySteps(model, src, options = {}) {
  const { max_length = 100, change = null, force = {} } = options;
  let { encoded, keys, state } = begin(model, src, options);
  let token = BOS;
  for (let i = 0; i < max_length && token !== EOS; i++) {
    const changed = change === null ? null : (weights) => change(weights, i);
    const step = model.decoder.step(token, state, encoded, keys, changed);
    const log_probs = tokenLogProbabilities(step.logits);
    const best = topIndices(log_probs, 5);
    token = force[i] ?? best[0];
    state = step.state;
    const top = best.map((id) => ({ id, log_prob: log_probs[id] }));
    const weights = step.weights === null ? null : Array.from(step.weights);
    yield { id: token, log_prob: log_probs[token], weights, top };
  }
}

/** The whole of it: `{ids, log_probs, weights}`, a row a step; `ids` without `<eos>`, so it may be one shorter. */
export function greedy(model, src, options = {}) {
  const steps = [...greedySteps(model, src, options)];
  return {
    ids: steps.map(({ id }) => id).filter((id) => id !== EOS),
    log_probs: steps.map(({ log_prob }) => log_prob),
    weights: model.attends ? steps.map(({ weights }) => weights) : null,
  };
}

/** $\mathrm{lp}(Y) = ((5 + |Y|) / 6)^\alpha$ (Wu et al., 2016, equation 14). */
export const lengthPenalty = (length, alpha) => ((5 + length) / 6) ** alpha;

/**
 * Keeps the `beam_size` best unfinished translations at every step.
 *
 * Returns `{hypotheses, nodes}`: hypotheses `{ids, score, log_prob, weights}`, the best first; the
 * tree's nodes `{parent, token, log_prob, fate}`, fate kept, finished or dropped, entry 0 `<bos>`.
 */
export function beamSearch(model, src, options = {}) {
  const { max_length = 100, beam_size = 5, length_penalty = 0.6, n_best = 1 } = options;
  const { encoded, keys, state } = begin(model, src, options);
  const nodes = [{ parent: null, token: BOS, log_prob: 0, fate: "kept", weights: null, state }];
  let live = [0];
  const finished = [];
  const finish = (node, length) =>
    finished.push({ node, score: nodes[node].log_prob / lengthPenalty(length, length_penalty) });
  const ranked = () => [...finished].sort((a, b) => b.score - a.score).slice(0, n_best);
  for (let length = 1; length <= max_length; length++) {
    const candidates = extensions(model, nodes, live, encoded, keys, beam_size);
    live = [];
    for (const [rank, candidate] of candidates.entries()) {
      const ends = candidate.token === EOS;
      const kept = ends ? rank < beam_size : live.length < beam_size;
      const fate = !kept ? "dropped" : ends ? "finished" : "kept";
      nodes.push({ ...candidate, fate });
      if (fate === "finished") finish(nodes.length - 1, length);
      if (fate === "kept") live.push(nodes.length - 1);
    }
    if (length === max_length) live.forEach((node) => finish(node, length));
    const reachable = nodes[live[0]].log_prob / lengthPenalty(max_length, length_penalty);
    if (finished.length >= beam_size) break;
    if (finished.length >= n_best && reachable <= ranked().at(-1).score) break;
  }
  return { hypotheses: ranked().map(({ node, score }) => read(nodes, node, score)), nodes };
}

/** The best extensions of the live prefixes by one token, twice `beam_size`, the best first. */
function extensions(model, nodes, live, encoded, keys, beam_size) {
  const offered = [];
  for (const parent of live) {
    const { token, state, log_prob } = nodes[parent];
    const step = model.decoder.step(token, state, encoded, keys);
    const log_probs = tokenLogProbabilities(step.logits);
    for (const next of topIndices(log_probs, 2 * beam_size)) {
      if (log_probs[next] === -Infinity) continue;
      const sum = log_prob + log_probs[next];
      offered.push({ parent, token: next, log_prob: sum, weights: step.weights, state: step.state });
    }
  }
  return offered.sort((a, b) => b.log_prob - a.log_prob).slice(0, 2 * beam_size);
}

/** Follows the parents of a node back to the root. */
function read(nodes, node, score) {
  const { log_prob } = nodes[node];
  const ids = [];
  const weights = [];
  for (; node !== 0; node = nodes[node].parent) {
    if (nodes[node].token === EOS) continue;
    ids.unshift(nodes[node].token);
    weights.unshift(nodes[node].weights);
  }
  return { ids, score, log_prob, weights: weights.includes(null) ? null : weights.map((row) => Array.from(row)) };
}

/** Where the `count` largest numbers stand, the largest first; of equals the first. */
function topIndices(numbers, count) {
  const best = [];
  for (let id = 0; id < numbers.length; id++) {
    if (best.length === count && !(numbers[id] > numbers[best.at(-1)])) continue;
    let place = best.length;
    while (place > 0 && numbers[id] > numbers[best[place - 1]]) place--;
    best.splice(place, 0, id);
    if (best.length > count) best.pop();
  }
  return best;
}

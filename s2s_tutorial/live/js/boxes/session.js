/**
 * What a reader asked of a model and changed, and what follows from it: all of a box but its looks.
 *
 * A state is `{text, erased, forced, weights, padding, mask}`: `erased` (source position -> "mask",
 * "unknown" or "both"), `forced` (step -> target token), `weights` (step -> the weights to use),
 * `padding` positions behind the source, and whether the `mask` keeps weights off them.
 */

import { greedy } from "../search.js";
import { EOS, SPECIALS, UNK } from "../text.js";

export const MOST_TOKENS = 120;

/** A request that cannot be answered; the message is for the reader. */
export class RequestError extends Error {}

/** The state in which nothing is changed. */
export const untouched = (text) => ({ text, erased: {}, forced: {}, weights: {}, padding: 0, mask: true });

/** Whether a state differs from the untouched one. */
export const isTouched = ({ erased, forced, weights, padding, mask }) =>
  padding > 0 || !mask || [erased, forced, weights].some((each) => Object.keys(each).length > 0);

/** A state from a link: what is of the right kind is kept. */
export function readState(given) {
  const state = untouched(typeof given.text === "string" ? given.text.slice(0, 1000) : "");
  const entries = (name) => Object.entries(given[name] ?? {}).filter(([k]) => /^\d{1,3}$/.test(k));
  for (const [j, way] of entries("erased")) {
    if (["mask", "unknown", "both"].includes(way)) state.erased[j] = way;
  }
  for (const [i, token] of entries("forced")) if (typeof token === "string") state.forced[i] = token;
  for (const [i, row] of entries("weights")) {
    if (Array.isArray(row) && row.every((w) => w >= 0 && w <= 1)) state.weights[i] = row;
  }
  const { padding } = given;
  if (Number.isInteger(padding) && padding >= 0 && padding <= 8) state.padding = padding;
  state.mask = given.mask !== false;
  return state;
}

/** The source's tokens, or a RequestError that says what to write instead. */
export function sourceTokens(model, text, box_limit = MOST_TOKENS) {
  const tokens = model.src_vocab.tokenize(text);
  if (tokens.length === 0) throw new RequestError("There is nothing to read yet: write something, or press an example.");
  const most = Math.min(box_limit, model.source_limit);
  if (tokens.length > most) {
    throw new RequestError(`That is ${tokens.length} tokens; this box reads up to ${most}. Write less.`);
  }
  return tokens;
}

/** After how many tokens an answer to a source of so many is cut off. */
export const longestAnswer = (model, src_len) => Math.max(20, 2 * model.header.longest_target, 2 * src_len);

/** The tokens that were never seen in training, each once. */
export const unknownTokens = (model, tokens) =>
  [...new Set(model.src_vocab.unknown(tokens).filter((token) => !SPECIALS.includes(token)))];

/** What is said of them; nothing if there are none. */
export const neverSeen = (unknown) =>
  unknown.length
    ? ` Never seen in training, so read as <unk>: ${unknown.slice(0, 8).map((token) => `“${token}”`).join(", ")}.`
    : "";

/**
 * The model's answer to a state.
 *
 * Returns `{src_tokens, unknown, steps, text, milliseconds}`; a step is `{token, log_prob, weights,
 * top, forced}`, the last one `<eos>` where the model ended. `weights` reach over the padding.
 */
export function answer(model, state) {
  const src_tokens = sourceTokens(model, state.text);
  const known = model.src_vocab.encode(src_tokens);
  const hides = (j, ...ways) => ways.includes(state.erased[j]);
  const src = known.map((id, j) => (hides(j, "unknown", "both") ? UNK : id));
  const real = (encoded) => encoded.src_mask.map((is, j) => (is || !state.mask) && !hides(j, "mask", "both"));
  const force = Object.fromEntries(
    Object.entries(state.forced).map(([i, token]) => [i, model.tgt_vocab.ids.get(token) ?? UNK]),
  );
  const begun = performance.now();
  const found = greedy(model, src, {
    max_length: longestAnswer(model, src.length),
    padding: state.padding,
    prepare: (encoded) => ({ ...encoded, src_mask: real(encoded) }),
    change: (weights, i) => (state.weights[i]?.length === weights.length ? state.weights[i] : weights),
    force,
  });
  const written = found.log_probs.map((log_prob, i) => {
    const id = found.ids[i] ?? EOS;
    const top = found.top[i].map((each) => ({ ...each, token: model.tgt_vocab.tokens[each.id] }));
    const weights = found.weights?.[i] ?? null;
    return { token: model.tgt_vocab.tokens[id], log_prob, weights, top, forced: i in force };
  });
  return {
    src_tokens,
    unknown: unknownTokens(model, src_tokens),
    steps: written,
    text: model.tgt_vocab.detokenize(found.ids),
    milliseconds: performance.now() - begun,
  };
}

/** The weights with position j at w, and the others in their old proportions, so that all sum to 1. */
export function withWeight(weights, j, w) {
  const others = weights.reduce((sum, weight, k) => (k === j ? sum : sum + weight), 0);
  const rest = weights.length - 1;
  return weights.map((weight, k) => {
    if (k === j) return rest === 0 ? 1 : w;
    return others > 0 ? (weight * (1 - w)) / others : (1 - w) / rest;
  });
}

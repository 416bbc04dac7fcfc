/**
 * What a reader asked of models and changed, and what follows from it: all of a box but its looks.
 *
 * A box's state is `{text, erased, padding, mask, share, panels}`: what all its models read, namely
 * `erased` (source position -> "mask", "unknown" or "both"), `padding` positions behind the source and
 * whether the `mask` keeps weights off them; the `share` of another model's weights in the first; and in
 * `panels` what was changed in one model's panel (its number -> `{forced, weights}`): `forced` (step ->
 * target token) and `weights` (step -> the weights to use).
 */

import { greedySteps } from "../search.js";
import { concat } from "../vectors.js";
import { EOS, SPECIALS, UNK } from "../text.js";

export const MOST_TOKENS = 120;

/** A request that cannot be answered; the message is for the reader. */
export class RequestError extends Error {}

/** The state in which nothing is changed. */
export const untouched = (text) => ({ text, erased: {}, padding: 0, mask: true, share: 0, panels: {} });

/** Whether a state differs from the untouched one. */
export const isTouched = ({ erased, padding, mask, share, panels }) =>
  padding > 0 || !mask || share > 0 ||
  [erased, ...Object.values(panels).flatMap(Object.values)].some((each) => Object.keys(each).length > 0);

/** What the model of panel k is asked: what all read, and what was changed in its own panel. */
export const ofPanel = ({ panels, ...all }, k) => ({ ...all, forced: {}, weights: {}, ...panels[k] });

/** The state after a change in panel k: of `erased`, which all read, or of its own `forced` or `weights`. */
export function withChange(state, k, { erased = state.erased, ...own }) {
  const panels = { ...state.panels, [k]: { ...state.panels[k], ...own } };
  return { ...state, erased, panels };
}

/** The state after a change of `padding` or `mask`: weights set by hand were for what could be looked at before. */
export function withPadding(state, change) {
  const panels = Object.entries(state.panels).map(([k, own]) => [k, { ...own, weights: {} }]);
  return { ...state, ...change, panels: Object.fromEntries(panels) };
}

/**
 * A state of so many panels from a link: what is of the right kind is kept.
 *
 * A link from when all panels had `forced` and `weights` together gives them to each.
 */
export function readState(given, count = 1) {
  const state = untouched(typeof given.text === "string" ? given.text.slice(0, 1000) : "");
  for (const [j, way] of entries(given.erased)) {
    if (["mask", "unknown", "both"].includes(way)) state.erased[j] = way;
  }
  for (let k = 0; k < count; k++) {
    const own = readOwn(given.panels?.[k] ?? given);
    if (Object.values(own).some((each) => Object.keys(each).length > 0)) state.panels[k] = own;
  }
  const { padding, share } = given;
  if (Number.isInteger(padding) && padding >= 0 && padding <= 8) state.padding = padding;
  if (share > 0 && share <= 1) state.share = Number(share);
  state.mask = given.mask !== false;
  return state;
}

function readOwn(given) {
  const own = { forced: {}, weights: {} };
  for (const [i, token] of entries(given.forced)) if (typeof token === "string") own.forced[i] = token;
  for (const [i, row] of entries(given.weights)) {
    if (Array.isArray(row) && row.every((w) => w >= 0 && w <= 1)) own.weights[i] = row;
  }
  return own;
}

const entries = (given) => Object.entries(given ?? {}).filter(([k]) => /^\d{1,3}$/.test(k));

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
 * The model's answer to its panel's state (`ofPanel`), told anew after every step.
 *
 * It is `{src_tokens, unknown, memory, directions, passes, steps, text, milliseconds}`; a step is `{token,
 * log_prob, weights, top, forced}`, the last one `<eos>` where the model ended. `memory` and `weights` reach
 * over the padding; `passes` is the encoder's final state, of all layers; `milliseconds` are the model's own.
 */
export function* answering(model, state) {
  let begun = performance.now();
  const src_tokens = sourceTokens(model, state.text);
  const known = model.src_vocab.encode(src_tokens);
  const hides = (j, ...ways) => ways.includes(state.erased[j]);
  const src = known.map((id, j) => (hides(j, "unknown", "both") ? UNK : id));
  const real = (encoded) => encoded.src_mask.map((is, j) => (is || !state.mask) && !hides(j, "mask", "both"));
  const { tokens, ids } = model.tgt_vocab;
  const force = Object.fromEntries(Object.entries(state.forced).map(([i, token]) => [i, ids.get(token) ?? UNK]));
  const options = {
    max_length: longestAnswer(model, src.length),
    padding: state.padding,
    prepare: (encoded) => {
      found.memory = encoded.memory;
      found.passes = concat(...encoded.final_state.flatMap(Object.values));
      return { ...encoded, src_mask: real(encoded) };
    },
    change: (weights, i) => (state.weights[i]?.length === weights.length ? state.weights[i] : weights),
    force,
  };
  const directions = model.header.encoder.bidirectional ? 2 : 1, unknown = unknownTokens(model, src_tokens);
  const found = { src_tokens, unknown, directions, steps: [], text: "", milliseconds: 0 };
  const written = [];
  for (const { id, log_prob, weights, top } of greedySteps(model, src, options)) {
    if (id !== EOS) written.push(id);
    const could = top.map((each) => ({ ...each, token: tokens[each.id] }));
    found.steps.push({ token: tokens[id], log_prob, weights, top: could, forced: found.steps.length in force });
    found.text = model.tgt_vocab.detokenize(written);
    found.milliseconds += performance.now() - begun;
    yield found;
    begun = performance.now();
  }
}

/** The whole answer. */
export const answer = (model, state) => [...answering(model, state)].at(-1);

/** The weights with position j at w, and the others in their old proportions, so that all sum to 1. */
export function withWeight(weights, j, w) {
  const others = weights.reduce((sum, weight, k) => (k === j ? sum : sum + weight), 0);
  const rest = weights.length - 1;
  return weights.map((weight, k) => {
    if (k === j) return rest === 0 ? 1 : w;
    return others > 0 ? (weight * (1 - w)) / others : (1 - w) / rest;
  });
}

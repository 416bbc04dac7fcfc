/** What a beam search tried, kept and dropped: all of the beam's box but its words and looks. */

import { beamSearch, greedy, lengthPenalty } from "../search.js";
import { EOS } from "../text.js";
import { longestAnswer, sourceTokens, unknownTokens } from "./session.js";

export const MOST_TOKENS = 30; // a tree of more would not be looked at
export const LIMITS = { beam_size: [1, 8], length_penalty: [0, 1.5] };

/** A state `{text, beam_size, length_penalty, dropped}` from a link; what is not of its kind is as in `first`. */
export function readBeam(given, first) {
  const within = (name) => {
    const [low, high] = LIMITS[name];
    const whole = name !== "beam_size" || Number.isInteger(given[name]);
    return whole && given[name] >= low && given[name] <= high ? Number(given[name]) : first[name];
  };
  return {
    text: typeof given.text === "string" ? given.text.slice(0, 1000) : first.text,
    beam_size: within("beam_size"),
    length_penalty: within("length_penalty"),
    dropped: given.dropped === true,
  };
}

/**
 * Both searches for a text's translation.
 *
 * Returns `{cards, greedy, unknown, src_tokens, beam_size, steps, milliseconds}`. A card is a node of
 * the tree with what is to be said of it: `{parent, token, text, prefix, step, place, candidates,
 * log_prob, here, fate, ends}`; `place` 1 is the most probable of its step's candidates, `here` its
 * own log-probability, `ends` whether a hypothesis ends there. `greedy` is `{ids, tokens, log_probs,
 * log_prob, length, text, path}`, with the cards of its path as far as they are in the tree.
 */
export function searched(model, text, beam_size) {
  const src_tokens = sourceTokens(model, text, MOST_TOKENS);
  const src = model.src_vocab.encode(src_tokens);
  const begun = performance.now();
  const max_length = longestAnswer(model, src.length);
  // With as many wanted as are kept, the penalty has no say in when the search is over.
  const { nodes } = beamSearch(model, src, { max_length, beam_size, n_best: beam_size });
  const found = greedy(model, src, { max_length });
  const milliseconds = performance.now() - begun;
  const cards = cardsOf(nodes, model.tgt_vocab, max_length);
  const tokens = found.ids.length < found.log_probs.length ? [...found.ids, EOS] : found.ids;
  const written = {
    ids: found.ids,
    tokens: model.tgt_vocab.decode(tokens),
    text: model.tgt_vocab.detokenize(found.ids),
    log_probs: found.log_probs,
    log_prob: found.log_probs.reduce((sum, each) => sum + each, 0),
    length: tokens.length,
    path: pathOf(cards, tokens),
  };
  const unknown = unknownTokens(model, src_tokens);
  return { cards, greedy: written, unknown, src_tokens, beam_size, steps: cards.at(-1).step, milliseconds };
}

function cardsOf(nodes, vocab, max_length) {
  const cards = [];
  for (const { parent, token, log_prob, fate } of nodes) {
    const before = parent === null ? null : cards[parent];
    const step = before === null ? 0 : before.step + 1;
    const prefix = step > 1 ? [...before.prefix, vocab.tokens[token]] : [vocab.tokens[token]];
    const here = log_prob - (before?.log_prob ?? 0);
    const ends = fate === "finished" || (fate === "kept" && step === max_length);
    cards.push({ parent, token, text: vocab.tokens[token], prefix, step, log_prob, here, fate, ends });
    if (ends) cards.at(-1).written = vocab.detokenize(idsTo(cards, cards.length - 1));
  }
  for (const card of cards) {
    const rivals = cards.filter(({ step }) => step === card.step);
    card.candidates = rivals.length;
    card.place = 1 + rivals.filter(({ log_prob }) => log_prob > card.log_prob).length;
  }
  return cards;
}

/** The cards from the root to card k. */
export function pathTo(cards, k) {
  const path = [k];
  while (cards[path[0]].parent !== null) path.unshift(cards[path[0]].parent);
  return path;
}

const idsTo = (cards, k) => pathTo(cards, k).slice(1).map((each) => cards[each].token).filter((id) => id !== EOS);

/** The cards along the tokens, from the root as far as they are in the tree. */
function pathOf(cards, tokens) {
  const path = [0];
  for (const token of tokens) {
    const next = cards.findIndex((card) => card.parent === path.at(-1) && card.token === token);
    if (next < 0) break;
    path.push(next);
  }
  return path;
}

/**
 * The hypotheses by $s(y) = \log p(y) / \mathrm{lp}(y)$, the best first.
 *
 * Each is `{path, text, log_prob, length, lp, score, greedy}`; `greedy` says that greedy decoding
 * writes it too. If it writes none of them, its own comes last, with `lost: true`.
 */
export function ranked({ cards, greedy: written }, length_penalty) {
  const scored = (log_prob, length) => {
    const lp = lengthPenalty(length, length_penalty);
    return { log_prob, length, lp, score: log_prob / lp };
  };
  const goal = written.path.at(-1);
  const found = cards.flatMap(({ ends, written: text, log_prob, step }, k) =>
    ends ? [{ path: pathTo(cards, k), text, greedy: k === goal, lost: false, ...scored(log_prob, step) }] : []);
  found.sort((a, b) => b.score - a.score);
  if (found.some(({ greedy: same }) => same)) return found;
  const { path, text, log_prob, length } = written;
  return [...found, { path, text, greedy: true, lost: true, ...scored(log_prob, length) }];
}

/**
 * The drawing: of each card the children that are drawn, those that lived first, then by probability;
 * and of each drawn card its `{row, column}`, a step to the right of its parent, the first child on its row.
 *
 * What was dropped is left out unless it is wanted, or lies on greedy's path.
 */
export function laidOut({ cards, greedy: written }, dropped) {
  const below = cards.map(() => []);
  cards.forEach(({ parent, fate }, k) => {
    if (parent !== null && (dropped || fate !== "dropped" || written.path.includes(k))) below[parent].push(k);
  });
  const later = (k) => [cards[k].fate === "dropped", -cards[k].log_prob];
  below.forEach((found) => found.sort((a, b) => later(a)[0] - later(b)[0] || later(a)[1] - later(b)[1]));
  const places = new Map();
  let row = 0;
  const place = (k) => {
    places.set(k, { row, column: cards[k].step });
    below[k].forEach((child, i) => {
      if (i > 0) row += 1;
      place(child);
    });
  };
  place(0);
  return { below, places };
}

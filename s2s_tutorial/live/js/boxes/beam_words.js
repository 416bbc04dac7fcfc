/** A beam search in words; those of a node are the words of the stored figure (figures/widgets/beam/markup.py). */

import { short, shown } from "./dom.js";

export const SIGNS = { kept: "→", finished: "✓", dropped: "✗" };

/** Two decimals and a proper minus sign; zero has none. */
export function signed(value) {
  const text = Math.abs(value).toFixed(2);
  return value < 0 && text !== "0.00" ? `−${text}` : text;
}

/** `−1.85 / 1.50 = −1.23`: a hypothesis's score and what it is made of. */
export const sum = ({ log_prob, lp, score }) => `${signed(log_prob)} / ${lp.toFixed(2)} = ${signed(score)}`;

/** What is to be known of a card, given the ranking of all hypotheses. */
export function caption(cards, k, ranking) {
  const { step, place, candidates, prefix, here, log_prob, fate, ends } = cards[k];
  if (step === 0) return "The start, “<bos>”: nothing is written yet.";
  const found =
    `Step ${step}, candidate ${place} of ${candidates}: “${prefix.map(shown).join(" ")}”, ` +
    `p = ${short(Math.exp(here))} here, log p = ${signed(log_prob)} so far. `;
  if (ends) {
    const ended = ranking.filter(({ lost }) => !lost);
    const rank = ended.findIndex(({ path }) => path.at(-1) === k);
    const which = rank === 0 ? "the best" : `number ${rank + 1}`;
    return `${found}${fate === "kept" ? "Cut off here" : "Finished"}: score ${sum(ended[rank])}, ${which} of ${ended.length}.`;
  }
  if (fate === "dropped") return `${found}Dropped: the beam was full of better ones.`;
  return `${found}Kept: the search goes on from here.`;
}

/** What the beam made of the tokens that could follow a kept card. */
export function followed(cards, k, beam_size) {
  const next = cards.filter(({ parent }) => parent === k);
  if (next.length > 0) return "Of what could follow, among the best of the next step:";
  if (cards[k].step === cards.at(-1).step) return "Here the search was over: enough had finished.";
  return `Nothing that could follow was among the ${2 * beam_size} best of the next step.`;
}

/** What happens at each step; entry 0 is the whole. */
export function stepCaptions({ cards, steps }) {
  const tried = cards.slice(1);
  const fates = (among) => Object.keys(SIGNS).map((each) => `${among.filter(({ fate }) => fate === each).length} ${each}`).join(", ");
  const told = [`The whole search, ${steps} step${steps === 1 ? "" : "s"}: ${fates(tried)}.`];
  for (let step = 1; step <= steps; step++) {
    const among = tried.filter((card) => card.step === step);
    told.push(`Step ${step}, its ${among.length} best candidates: ${fates(among)}.${step < steps ? "" : " The search is over."}`);
  }
  return told;
}

/** Where greedy's translation and the beam's best part, and whether that paid. */
export function verdict({ cards, greedy, beam_size }, ranking) {
  const [best] = ranking;
  if (beam_size === 1) return "A beam of one is greedy decoding.";
  if (best.greedy) return "Greedy decoding writes the same: here the beam gains nothing.";
  const its = best.path.slice(1).map((k) => cards[k]);
  const at = its.findIndex(({ text }, i) => text !== greedy.tokens[i]);
  const chance = (log_prob) => `p = ${short(Math.exp(log_prob))}`;
  const parted =
    `At word ${at + 1} greedy takes “${shown(greedy.tokens[at])}” (${chance(greedy.log_probs[at])}), ` +
    `the beam's best “${shown(its[at].text)}” (${chance(its[at].here)})`;
  const its_own = ranking.find((each) => each.greedy);
  const ended = `In the end log p is ${signed(its_own.log_prob)} for greedy's and ${signed(best.log_prob)} for the best`;
  if (best.log_prob > its_own.log_prob) return `${parted}. ${ended}: the beam has found the more probable translation.`;
  if (best.score >= its_own.score) return `${parted}. ${ended}: greedy's is the more probable, but the length penalty ranks it lower.`;
  return `${parted}. ${ended}: greedy's would rank first, but the beam lost it.`;
}

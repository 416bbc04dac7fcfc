// The question that the training box asks before the press, and what it says of the guess after.

const GUESSES = { same: "about as many", fewer: "clearly fewer", none: "hardly any, fewer than 15 in 100" };
const ALONE = { all: "nearly all", some: "some", none: "hardly any, fewer than 15 in 100" };
const TOO_CLOSE = 0.15, HARDLY = 0.15, LEARNT = 0.5;

/** The choices, as value and text. @param {object} settings */
export const choicesOf = ({ models }) => (models.length === 2 ? GUESSES : ALONE);

/** @param {{models: string[], longest: number}} settings @param {number} goal updates */
export function questionOf({ models, longest }, goal) {
  const strings = `new strings of ${longest} letter${longest === 1 ? "" : "s"}`;
  return models.length === 2
    ? `Both models make the same ${goal} updates on the same strings. Of ${strings}, the one with attention will then write most backwards without a mistake. And the one that hands over one vector?`
    : `After ${goal} updates, how many ${strings} will it write backwards without a mistake?`;
}

/** What the shares right say, and whether the guess said so. @param {Record<string, number>} right by model @param {string} [guess] */
export function verdictOn(right, guess) {
  const { vector, attention } = right, both = vector != null && attention != null, share = vector ?? attention;
  if (both && attention < LEARNT) return "Attention has not learnt the game yet: train on, or make it easier.";
  const choices = both ? GUESSES : ALONE;
  const found = both
    ? vector >= attention - TOO_CLOSE ? "same" : vector < HARDLY ? "none" : "fewer"
    : share < HARDLY ? "none" : share < 1 - HARDLY ? "some" : "all";
  if (!(guess in choices)) return `So: ${choices[found]}.`;
  return guess === found ? `Your guess, “${choices[guess]}”, was right.` : `You guessed “${choices[guess]}”; it is “${choices[found]}”.`;
}

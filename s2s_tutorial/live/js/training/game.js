// The game of chapters 2 and 3: read random letters, write them backwards.

import { below, mulberry32 } from "./random.js";

export const SPECIALS = ["<pad>", "<unk>", "<bos>", "<eos>"];
export const [PAD, UNK, BOS, EOS] = [0, 1, 2, 3];

/** The letter of an id: 4 is a, 5 is b. */
export const letter = (id) => SPECIALS[id] ?? String.fromCharCode(97 + id - SPECIALS.length);

/** Whether a string is kept for tests: one in ten of those of three letters and more. @param {number[]} ids */
export function isKept(ids) {
  if (ids.length < 3) return false; // there are too few
  let hash = 2166136261;
  for (const id of ids) hash = Math.imul(hash ^ id, 16777619);
  hash ^= hash >>> 15;
  return (Math.imul(hash, 0x2c1b3c6d) >>> 8) % 10 === 0;
}

/** A string of n letters out of so many, to be trained on or to be tested on. @returns {number[]} ids */
function draw(random, letters, n, kept) {
  for (let tries = 0; ; tries++) {
    const ids = Array.from({ length: n }, () => SPECIALS.length + below(random, letters));
    if (n < 3 || isKept(ids) === kept || tries > 500) return ids; // of few letters, all may be of one kind
  }
}

/**
 * A batch of strings of one length, so nothing is padded; position by position, as a recurrent network reads it.
 *
 * @param {number[][]} strings of n ids each
 * @returns {{src: number[][], tgt_in: number[][], tgt_out: number[][]}} n, n + 1 and n + 1 lists of a column each
 */
export function makeBatch(strings) {
  const column = (read) => strings.map(read), n = strings[0].length;
  const src = Array.from({ length: n }, (_, j) => column((ids) => ids[j]));
  const reversed = [...src].reverse();
  return { src, tgt_in: [column(() => BOS), ...reversed], tgt_out: [...reversed, column(() => EOS)] };
}

/** An endless game: batches to train on, and strings of each length to be tested on, from one seed. */
export class Game {
  /** @param {{letters: number, longest: number, seed: number, batch?: number}} settings */
  constructor({ letters, longest, seed, batch = 32 }) {
    Object.assign(this, { letters, longest, size: batch, vocabulary: SPECIALS.length + letters });
    this.random = mulberry32(seed);
    const forTests = mulberry32(seed ^ 0x5eed7e57);
    this.tests = Array.from({ length: longest }, (_, n) =>
      Array.from({ length: batch }, () => draw(forTests, letters, n + 1, true)));
  }

  /** The next strings: one length, drawn from 1 to the longest. @returns {number[][]} */
  strings() {
    const n = 1 + below(this.random, this.longest);
    return Array.from({ length: this.size }, () => draw(this.random, this.letters, n, false));
  }
}

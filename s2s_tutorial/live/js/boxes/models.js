/** The models of a page, each fetched once, when it is first needed. */

import { loadModel } from "../model.js";

const found = new Map();

/** Where the site keeps one. */
const folderOf = (name) => new URL(`../../models/${name}`, import.meta.url).href;

/** The browser's own store for weights, which outlasts the page; what it cannot do is left. */
const store = {
  async get(key) {
    try {
      return await (await (await caches.open("s2s-models")).match(key))?.arrayBuffer();
    } catch {
      return undefined; // a browser without it, or one that forbids it
    }
  },
  async put(key, bytes) {
    try {
      await (await caches.open("s2s-models")).put(key, new Response(bytes));
    } catch {
      // as above, or no room
    }
  },
};

/**
 * The model of that name.
 *
 * It is kept while the page is open, and in the browser's store after; one that failed to arrive is
 * fetched again the next time.
 */
export function modelNamed(name) {
  if (!found.has(name)) {
    const model = loadModel(folderOf(name), store);
    found.set(name, model);
    model.catch(() => found.delete(name));
  }
  return found.get(name);
}

/** Keeps a model, or the promise of one, under a name. */
export const keep = (name, model) => found.set(name, Promise.resolve(model));

/** The model between two of the same form: $(1 - t) \theta_a + t \theta_b$, number by number. */
export function mixed(a, b, t) {
  const weights = Object.fromEntries(
    Object.entries(a.weights).map(([name, of_a]) => {
      const of_b = b.weights[name];
      const mix = (x, y) => x.map((number, k) => (1 - t) * number + t * y[k]);
      if (of_a instanceof Float32Array) return [name, mix(of_a, of_b)];
      const matrix = Object.assign(Object.create(Object.getPrototypeOf(of_a)), of_a);
      return [name, Object.assign(matrix, { numbers: mix(of_a.numbers, of_b.numbers) })];
    }),
  );
  return new a.constructor(a.header, weights);
}

// The weights a model starts from.

import { mulberry32, normal } from "./random.js";

/** Fill an array with N(0, std^2). */
const gaussian = (array, random, std) => array.forEach((_, i) => { array[i] = std * normal(random); });

/**
 * Embeddings N(0, 0.5^2), recurrent matrices N(0, 1 / H), all others uniform as Glorot and Bengio have it, biases 0,
 * except an LSTM's forget gate, whose bias is 1.
 *
 * @param {{parameters: Record<string, Matrix>, shapes: Record<string, number[]>, cell: string, units: number}} model
 * @param {number} seed
 */
export function initialise({ parameters, shapes, cell, units }, seed) {
  const random = mulberry32(seed ^ 0x1417);
  for (const [name, { data }] of Object.entries(parameters)) {
    const [out, size = 1] = shapes[name], gates = name.includes("weight_ih") ? out / units : 1;
    if (name.includes("embedding")) gaussian(data, random, 0.5);
    else if (name.includes("weight_hh")) gaussian(data, random, 1 / Math.sqrt(units));
    else if (name.includes("bias")) data.fill(0);
    else {
      const limit = Math.sqrt(6 / (out / gates + size));
      data.forEach((_, i) => { data[i] = limit * (2 * random() - 1); });
    }
    if (cell === "lstm" && name.includes("bias_ih")) data.fill(1, units, 2 * units);
  }
}

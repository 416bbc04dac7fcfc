/**
 * Matrix products by SIMD WebAssembly, four numbers at once (products.wat is their source); plain
 * loops where a browser has none, or where a matrix's columns are no multiple of four.
 */

import { plainTimes } from "./vectors.js";

/** The compiled products.wat, in base64; a test compiles it again. */
const WASM = "AGFzbQEAAAABBwFgA39/fwACEAEEcGFnZQZtZW1vcnkCAAEDAgEABwwBCG11bHRpcGx5AAAKkwEBkAECA38Be0GAgAQhAyACQQRsIQUCQANAIAFFDQH9DAAAAAAAAAAAAAAAAAAAAAAhBkEAIQQDQCAGIAT9AAQAIAD9AAQA/eYB/eQBIQYgBEEQaiEEIABBEGohACAEIAVJDQALIAMgBv0fACAG/R8BkiAG/R8CIAb9HwOSkjgCACADQQRqIQMgAUEBayEBDAALCwsARARuYW1lAiUBAAcAAVcBBHJvd3MCB2NvbHVtbnMDAXkEAXgFA2VuZAYDc3VtAxYBAAMABGRvbmUBA3JvdwIGY29sdW1u";

const PAGE = 65536; // bytes of a page of WebAssembly's memory
const LARGEST = 16384; // numbers of a vector that is multiplied

/** Bytes of so many numbers, up to a multiple of 16. */
const room = (count) => 16 * Math.ceil(count / 4);

/** Whether products go through WebAssembly; tests switch it off. */
export const settings = { simd: true };

/**
 * Room for a model's tensors, of so many numbers each, and the product that works there.
 *
 * Returns `{place, times}`: `place(numbers)` copies numbers, of whatever type, as float32 to where
 * `times` can reach them and returns the copy; `times(matrix, x)` is $W x$.
 */
export async function products(sizes) {
  const plain = { place: (numbers) => new Float32Array(numbers), times: plainTimes };
  if (!settings.simd || WASM === "") return plain;
  let memory, multiply;
  try {
    const bytes = sizes.reduce((sum, size) => sum + room(size), 2 * room(LARGEST));
    memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    const code = Uint8Array.from(atob(WASM), (letter) => letter.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(code, { page: { memory } });
    ({ multiply } = instance.exports);
  } catch {
    return plain; // no SIMD, no WebAssembly, or no memory: slower, the same numbers
  }
  const given = new Float32Array(memory.buffer, 0, LARGEST);
  const product = new Float32Array(memory.buffer, 4 * LARGEST, LARGEST);
  let free = 8 * LARGEST;
  const place = (numbers) => {
    const copy = new Float32Array(memory.buffer, free, numbers.length);
    copy.set(numbers);
    free += room(numbers.length);
    return copy;
  };
  const times = (matrix, x) => {
    const { numbers, rows, columns } = matrix;
    if (columns % 4 || Math.max(rows, columns) > LARGEST || numbers.buffer !== memory.buffer) return plainTimes(matrix, x);
    given.set(x);
    multiply(numbers.byteOffset, rows, columns);
    return product.slice(0, rows);
  };
  return { place, times };
}

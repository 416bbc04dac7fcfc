/** A model from its files, as `s2s export --to web` writes them: `model.json` and `weights.bin`. */

import { Encoder } from "./cells.js";
import { makeDecoder } from "./decoders.js";
import { products } from "./products.js";
import { Vocabulary } from "./text.js";
import { Matrix } from "./vectors.js";

export const FORMAT = "s2s-tutorial web model 1";

/** A model file that cannot be used; the message is for the reader. */
export class ModelError extends Error {}

/** Bytes of one number of each type, and how so many are read; int8, which is most, as it lies there. */
const TYPES = {
  float32: { size: 4, read: (bytes, at, count) => new Float32Array(bytes.slice(at, at + 4 * count)) },
  float16: { size: 2, read: (bytes, at, count) => Float32Array.from(new Uint16Array(bytes.slice(at, at + 2 * count)), halfToFloat) },
  int8: { size: 1, read: (bytes, at, count) => new Int8Array(bytes, at, count) },
};

/**
 * Fetches and builds the model in a folder.
 *
 * `store`, if given, keeps weights that proved whole: `get(key)` and `put(key, bytes)`.
 */
export async function loadModel(folder, store = null) {
  const header = await fetched(`${folder}/model.json`, (answer) => answer.json());
  const file = `${folder}/${header.weights?.file}`;
  const key = `${file}?${header.weights?.sha256}`;
  const kept = (await store?.get(key)) ?? null;
  const bytes = kept ?? (await fetched(file, (answer) => answer.arrayBuffer()));
  const model = await buildModel(header, bytes);
  if (kept === null) store?.put(key, bytes); // the answer does not wait for it
  return model;
}

async function fetched(address, read) {
  let answer;
  try {
    answer = await fetch(address);
    if (answer.ok) return await read(answer);
  } catch {
    answer = null;
  }
  const why = answer === null ? "there was no answer, or it was cut off" : `answer ${answer.status}`;
  throw new ModelError(`The model did not arrive (${why}). Is there a network? Press again to retry.`);
}

/** Builds a model of a header and the bytes of its weights, after comparing their sums. */
export async function buildModel(header, bytes) {
  if (header.format !== FORMAT) {
    throw new ModelError("This is not a model for the page: export it again with this version.");
  }
  const { sha256, bytes: size } = header.weights;
  if (bytes.byteLength !== size || ![sha256, null].includes(await digest(bytes))) {
    throw new ModelError("The model arrived damaged (its checksum differs). Press again to fetch it anew.");
  }
  const weights = await unpack(header.weights.tensors, bytes);
  return new Model(header, weights);
}

/** sha256 in hexadecimal; null where the browser computes none (an address without https). */
async function digest(bytes) {
  if (globalThis.crypto?.subtle === undefined) return null;
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Tensors by name: matrices as Matrix, vectors as Float32Array. int8 has a scale a row. */
async function unpack(tensors, bytes) {
  const stored = tensors.filter((tensor) => tensor.as === undefined);
  const { place, times } = await products(stored.map(({ shape }) => shape.reduce((a, b) => a * b, 1)));
  const weights = {};
  let at = 0;
  const take = (type, count) => {
    const { size, read } = TYPES[type];
    const numbers = read(bytes, at, count);
    at += size * count;
    return numbers;
  };
  for (const { name, shape, type } of stored) {
    const [rows, columns] = shape.length === 2 ? shape : [1, shape[0]];
    const scales = type === "int8" ? take("float32", rows) : null;
    const numbers = place(take(type, rows * columns));
    scales?.forEach((scale, i) => {
      for (let k = i * columns; k < (i + 1) * columns; k++) numbers[k] *= scale;
    });
    weights[name] = shape.length === 2 ? new Matrix(numbers, rows, columns, times) : numbers;
  }
  for (const { name, as } of tensors) if (as !== undefined) weights[name] = weights[as];
  return weights;
}

/** IEEE 754 half precision, 16 bits, as a number. */
function halfToFloat(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

/** Encoder, decoder, vocabularies and tokenizers. */
export class Model {
  constructor(header, weights) {
    Object.assign(this, { header, weights });
    this.encoder = new Encoder(weights, header.encoder);
    this.decoder = makeDecoder(weights, header.decoder);
    this.src_vocab = new Vocabulary(header.src_vocab, header.tokenizers[0]);
    this.tgt_vocab = new Vocabulary(header.tgt_vocab, header.tokenizers[1]);
  }

  /** Whether a step says where it looked. */
  get attends() {
    return this.decoder.attention !== null;
  }

  /** The longest source it can read. */
  get source_limit() {
    return this.decoder.attention?.source_limit ?? Infinity;
  }

  /** What search needs of a source: `{encoded, keys, state}`. */
  begin(src, padding = 0) {
    const encoded = this.encoder.read(src, padding);
    const { decoder } = this;
    return { encoded, keys: decoder.projectKeys(encoded), state: decoder.initState(encoded) };
  }
}

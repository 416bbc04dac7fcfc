/**
 * Vectors and matrices, as the equations use them. A vector is a Float32Array; sums are taken in
 * double precision unless WebAssembly takes them (products.js).
 */

/** A matrix of `rows` x `columns` numbers, row after row. */
export class Matrix {
  constructor(numbers, rows, columns, times = plainTimes) {
    Object.assign(this, { numbers, rows, columns, multiply: times });
  }

  /** $W x$: a vector of `rows` numbers. */
  times(x) {
    if (x.length !== this.columns) {
      throw new RangeError(`a matrix of ${this.columns} columns cannot take ${x.length} numbers`);
    }
    return this.multiply(this, x);
  }

  /** Row i, as a view. */
  row(i) {
    return this.numbers.subarray(i * this.columns, (i + 1) * this.columns);
  }

  /** The columns from `first` to `end`, as a matrix of their own. */
  part(first, end) {
    const numbers = new Float32Array(this.rows * (end - first));
    for (let i = 0; i < this.rows; i++) {
      numbers.set(this.row(i).subarray(first, end), i * (end - first));
    }
    return new Matrix(numbers, this.rows, end - first, this.multiply);
  }
}

/** $W x$ in plain loops. */
export function plainTimes({ numbers, rows, columns }, x) {
  const product = new Float32Array(rows);
  for (let i = 0, k = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++, k++) sum += numbers[k] * x[j];
    product[i] = sum;
  }
  return product;
}

/** $a^\top b$. */
export function dot(a, b) {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

/** $a + b$. */
export const add = (a, b) => a.map((number, j) => number + b[j]);

/** $\tanh(a)$, number by number. */
export const tanh = (a) => a.map(Math.tanh);

/** $\sigma(a) = 1 / (1 + e^{-a})$ of one number. */
export const sigmoid = (a) => 1 / (1 + Math.exp(-a));

/** $[a; b; \dots]$: one vector of all numbers. */
export function concat(...vectors) {
  const joined = new Float32Array(vectors.reduce((sum, vector) => sum + vector.length, 0));
  let at = 0;
  for (const vector of vectors) {
    joined.set(vector, at);
    at += vector.length;
  }
  return joined;
}

/** A linear layer, $W x + b$; without `b`, $W x$. */
export class Linear {
  constructor(W, b = null) {
    Object.assign(this, { W, b });
  }

  of(x) {
    return this.b === null ? this.W.times(x) : add(this.W.times(x), this.b);
  }
}

/** $\log \mathrm{softmax}(\mathrm{logits})$, in double precision. */
export function logSoftmax(logits) {
  let largest = -Infinity;
  for (const logit of logits) largest = Math.max(largest, logit);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  const shift = largest + Math.log(sum);
  return new Float64Array(logits).map((logit) => logit - shift);
}

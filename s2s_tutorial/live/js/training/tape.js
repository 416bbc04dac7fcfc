// Reverse-mode differentiation over matrices: each operation computes its result and leaves a note that says how the
// result's gradient reaches what it was made from. Read backwards, the notes are the chain rule.

import { addProduct } from "./products.js";

/** A matrix, row after row, and the gradient of the loss by it (null where none is asked for). */
export class Matrix {
  constructor(rows, columns, data, grad = null) {
    Object.assign(this, { rows, columns, data, grad });
  }

  /** A parameter: a matrix with a gradient that stays. @param {Float32Array} data (rows, columns) */
  static parameter(rows, columns, data = new Float32Array(rows * columns)) {
    return new Matrix(rows, columns, data, new Float32Array(rows * columns));
  }
}

export class Tape {
  /** @param {boolean} recording whether gradients are wanted */
  constructor(recording = true) {
    this.recording = recording;
    this.notes = [];
    this.free = new Map(); // size -> arrays to be used again
    this.used = [];
  }

  /** An array of zeros that is given back by `clear`. */
  zeros(size) {
    const array = this.free.get(size)?.pop()?.fill(0) ?? new Float32Array(size);
    this.used.push(array);
    return array;
  }

  /** A new matrix of zeros. */
  matrix(rows, columns) {
    const grad = this.recording ? this.zeros(rows * columns) : null;
    return new Matrix(rows, columns, this.zeros(rows * columns), grad);
  }

  /** Remember how a gradient goes back. */
  note(back) {
    if (this.recording) this.notes.push(back);
  }

  /** Fill the gradients of all that a loss (1, 1) was made from; those of parameters are added to. */
  backward(loss) {
    loss.grad[0] = 1;
    for (let i = this.notes.length - 1; i >= 0; i--) this.notes[i]();
  }

  /** Forget everything; the arrays are used again. */
  clear() {
    this.notes.length = 0;
    for (const array of this.used) {
      if (!this.free.has(array.length)) this.free.set(array.length, []);
      this.free.get(array.length).push(array);
    }
    this.used.length = 0;
  }

  /** y = x W^T + b, as PyTorch's linear. @param x (n, k) @param W (m, k) @param b (1, m) or nothing */
  linear(x, W, b = null) {
    const [n, k, m] = [x.rows, x.columns, W.rows], y = this.matrix(n, m);
    if (b) for (let i = 0; i < n; i++) y.data.set(b.data, i * m);
    addProduct(y.data, x.data, W.data, [n, m, k], [k, 1, 1, k]);
    this.note(() => {
      if (x.grad) addProduct(x.grad, y.grad, W.data, [n, k, m], [m, 1, k, 1]); // dy W
      addProduct(W.grad, y.grad, x.data, [m, k, n], [1, m, k, 1]); // dy^T x
      if (b) for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) b.grad[j] += y.grad[i * m + j];
    });
    return y;
  }

  /** x + y, element by element. */
  add(x, y) {
    const z = this.matrix(x.rows, x.columns);
    for (let i = 0; i < z.data.length; i++) z.data[i] = x.data[i] + y.data[i];
    this.note(() => {
      for (let i = 0; i < z.grad.length; i++) { x.grad[i] += z.grad[i]; y.grad[i] += z.grad[i]; }
    });
    return z;
  }

  /** x - y, element by element. */
  subtract(x, y) {
    const z = this.matrix(x.rows, x.columns);
    for (let i = 0; i < z.data.length; i++) z.data[i] = x.data[i] - y.data[i];
    this.note(() => {
      for (let i = 0; i < z.grad.length; i++) { x.grad[i] += z.grad[i]; y.grad[i] -= z.grad[i]; }
    });
    return z;
  }

  /** x * y, element by element. */
  multiply(x, y) {
    const z = this.matrix(x.rows, x.columns);
    for (let i = 0; i < z.data.length; i++) z.data[i] = x.data[i] * y.data[i];
    this.note(() => {
      for (let i = 0; i < z.grad.length; i++) {
        x.grad[i] += z.grad[i] * y.data[i];
        y.grad[i] += z.grad[i] * x.data[i];
      }
    });
    return z;
  }

  /** tanh x = 1 - 2 / (e^2x + 1); its derivative is 1 - y^2. */
  tanh(x) {
    const y = this.matrix(x.rows, x.columns);
    for (let i = 0; i < y.data.length; i++) y.data[i] = 1 - 2 / (Math.exp(2 * x.data[i]) + 1);
    this.note(() => {
      for (let i = 0; i < y.grad.length; i++) x.grad[i] += y.grad[i] * (1 - y.data[i] * y.data[i]);
    });
    return y;
  }

  /** sigma(x) = 1 / (1 + e^-x); its derivative is y (1 - y). */
  sigmoid(x) {
    const y = this.matrix(x.rows, x.columns);
    for (let i = 0; i < y.data.length; i++) y.data[i] = 1 / (1 + Math.exp(-x.data[i]));
    this.note(() => {
      for (let i = 0; i < y.grad.length; i++) x.grad[i] += y.grad[i] * y.data[i] * (1 - y.data[i]);
    });
    return y;
  }

  /** Columns from..to of x: (n, to - from). */
  columns(x, from, to) {
    const y = this.matrix(x.rows, to - from), m = y.columns;
    for (let i = 0; i < x.rows; i++)
      for (let j = 0; j < m; j++) y.data[i * m + j] = x.data[i * x.columns + from + j];
    this.note(() => {
      for (let i = 0; i < x.rows; i++)
        for (let j = 0; j < m; j++) x.grad[i * x.columns + from + j] += y.grad[i * m + j];
    });
    return y;
  }

  /** Matrices with the same number of rows, side by side: [x_1; x_2; ...] in each row. */
  concat(parts) {
    const y = this.matrix(parts[0].rows, parts.reduce((sum, x) => sum + x.columns, 0));
    const each = (move) => {
      let from = 0;
      for (const x of parts) {
        for (let i = 0; i < x.rows; i++)
          for (let j = 0; j < x.columns; j++) move(x, i * x.columns + j, i * y.columns + from + j);
        from += x.columns;
      }
    };
    each((x, own, here) => { y.data[here] = x.data[own]; });
    this.note(() => each((x, own, here) => { x.grad[own] += y.grad[here]; }));
    return y;
  }

  /** The rows of E with these numbers. @param E (vocabulary, size) @param {number[]} ids n of them @returns (n, size) */
  embedding(E, ids) {
    const size = E.columns, y = this.matrix(ids.length, size);
    ids.forEach((id, i) => y.data.set(E.data.subarray(id * size, (id + 1) * size), i * size));
    this.note(() => ids.forEach((id, i) => {
      for (let j = 0; j < size; j++) E.grad[id * size + j] += y.grad[i * size + j];
    }));
    return y;
  }
}

// The one costly thing in training: sums of products. Every matrix product, forward and backward, is this function.

const f = Math.fround; // keeps V8 in 32 bits

/**
 * C_ij += sum_p A_ip B_pj, for any layout of A and B.
 *
 * Four columns of two rows at a time, so that what is read once is used more than once.
 *
 * @param {Float32Array} c (rows, columns), row after row
 * @param {Float32Array} a its element (i, p) lies at i * aRow + p * aInner
 * @param {Float32Array} b its element (p, j) lies at p * bInner + j * bColumn
 * @param {number[]} sizes rows, columns, inner
 * @param {number[]} steps aRow, aInner, bInner, bColumn
 */
export function addProduct(c, a, b, [rows, columns, inner], [aRow, aInner, bInner, bColumn]) {
  let i = 0;
  for (; i + 1 < rows; i += 2) {
    let j = 0;
    for (; j + 3 < columns; j += 4) {
      let u0 = f(0), u1 = f(0), u2 = f(0), u3 = f(0), v0 = f(0), v1 = f(0), v2 = f(0), v3 = f(0);
      let at = i * aRow, bt = j * bColumn;
      for (let p = 0; p < inner; p++, at += aInner, bt += bInner) {
        const x = a[at], y = a[at + aRow];
        const b0 = b[bt], b1 = b[bt + bColumn], b2 = b[bt + 2 * bColumn], b3 = b[bt + 3 * bColumn];
        u0 = f(u0 + f(x * b0)); u1 = f(u1 + f(x * b1)); u2 = f(u2 + f(x * b2)); u3 = f(u3 + f(x * b3));
        v0 = f(v0 + f(y * b0)); v1 = f(v1 + f(y * b1)); v2 = f(v2 + f(y * b2)); v3 = f(v3 + f(y * b3));
      }
      const here = i * columns + j, below = here + columns;
      c[here] += u0; c[here + 1] += u1; c[here + 2] += u2; c[here + 3] += u3;
      c[below] += v0; c[below + 1] += v1; c[below + 2] += v2; c[below + 3] += v3;
    }
    for (; j < columns; j++) {
      c[i * columns + j] += dot(a, i * aRow, aInner, b, j * bColumn, bInner, inner);
      c[(i + 1) * columns + j] += dot(a, (i + 1) * aRow, aInner, b, j * bColumn, bInner, inner);
    }
  }
  if (i < rows)
    for (let j = 0; j < columns; j++) c[i * columns + j] += dot(a, i * aRow, aInner, b, j * bColumn, bInner, inner);
}

/** sum_p a_p b_p, each in steps of its own. */
function dot(a, at, aStep, b, bt, bStep, inner) {
  let sum = f(0);
  for (let p = 0; p < inner; p++, at += aStep, bt += bStep) sum = f(sum + f(a[at] * b[bt]));
  return sum;
}

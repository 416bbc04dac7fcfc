// The operations of attention, readout and loss: what looks at a whole row. Each is (tape, ...) -> matrix.

/** e^(x_j - max) and their sum in one row, from `at` on; the row of `out` is filled. */
function exponentials(x, out, at, length) {
  let max = -Infinity, sum = 0;
  for (let j = at; j < at + length; j++) max = Math.max(max, x[j]);
  for (let j = at; j < at + length; j++) sum += out[j] = Math.exp(x[j] - max);
  return [max, sum];
}

/** y_j = e^x_j / sum_k e^x_k in each row. */
export function softmax(tape, x) {
  const y = tape.matrix(x.rows, x.columns), m = x.columns;
  for (let at = 0; at < y.data.length; at += m) {
    const [, sum] = exponentials(x.data, y.data, at, m);
    for (let j = at; j < at + m; j++) y.data[j] /= sum;
  }
  tape.note(() => {
    for (let at = 0; at < y.data.length; at += m) {
      let mean = 0; // sum_k y_k dy_k
      for (let j = at; j < at + m; j++) mean += y.data[j] * y.grad[j];
      for (let j = at; j < at + m; j++) x.grad[j] += y.data[j] * (y.grad[j] - mean);
    }
  });
  return y;
}

/** c = sum_j weights_j values_j, row by row. @param weights (n, S) @param values S matrices (n, m) @returns (n, m) */
export function weightedSum(tape, weights, values) {
  const S = values.length, [n, m] = [values[0].rows, values[0].columns], c = tape.matrix(n, m);
  for (let j = 0; j < S; j++)
    for (let i = 0; i < n; i++)
      for (let k = i * m, w = weights.data[i * S + j]; k < (i + 1) * m; k++) c.data[k] += w * values[j].data[k];
  tape.note(() => {
    for (let j = 0; j < S; j++)
      for (let i = 0; i < n; i++) {
        let sum = 0;
        const w = weights.data[i * S + j], { data, grad } = values[j];
        for (let k = i * m; k < (i + 1) * m; k++) {
          sum += c.grad[k] * data[k];
          grad[k] += w * c.grad[k];
        }
        weights.grad[i * S + j] += sum;
      }
  });
  return c;
}

/** e_i = x_i . y_i, the dot product of rows. @param x (n, m) @param y (n, m) @returns (n, 1) */
export function rowDots(tape, x, y) {
  const e = tape.matrix(x.rows, 1), m = x.columns;
  for (let k = 0; k < x.data.length; k++) e.data[(k / m) | 0] += x.data[k] * y.data[k];
  tape.note(() => {
    for (let k = 0; k < x.data.length; k++) {
      x.grad[k] += e.grad[(k / m) | 0] * y.data[k];
      y.grad[k] += e.grad[(k / m) | 0] * x.data[k];
    }
  });
  return e;
}

/** Maxout: the larger of each pair of neighbours. @param x (n, 2m) @returns (n, m) */
export function maxout(tape, x) {
  const y = tape.matrix(x.rows, x.columns / 2);
  const winner = (k) => 2 * k + (x.data[2 * k + 1] > x.data[2 * k] ? 1 : 0);
  for (let k = 0; k < y.data.length; k++) y.data[k] = x.data[winner(k)];
  tape.note(() => {
    for (let k = 0; k < y.data.length; k++) x.grad[winner(k)] += y.grad[k];
  });
  return y;
}

/**
 * Cross-entropy, L = -(1 / n) sum_i log softmax(x_i)[target_i], over the rows of several matrices.
 *
 * @param {Matrix[]} logits one for each step, each (batch, vocabulary)
 * @param {number[][]} targets one list of ids for each step
 * @returns (1, 1), the mean over all tokens
 */
export function crossEntropy(tape, logits, targets) {
  const loss = tape.matrix(1, 1), tokens = targets.reduce((sum, ids) => sum + ids.length, 0);
  let total = 0;
  const probabilities = logits.map((x, step) => {
    const p = tape.zeros(x.data.length), V = x.columns;
    targets[step].forEach((id, i) => {
      const [max, sum] = exponentials(x.data, p, i * V, V);
      for (let k = i * V; k < (i + 1) * V; k++) p[k] /= sum;
      total += max + Math.log(sum) - x.data[i * V + id];
    });
    return p;
  });
  loss.data[0] = total / tokens;
  tape.note(() => logits.forEach((x, step) => {
    const scale = loss.grad[0] / tokens, p = probabilities[step];
    for (let k = 0; k < p.length; k++) x.grad[k] += scale * p[k];
    targets[step].forEach((id, i) => { x.grad[i * x.columns + id] -= scale; });
  }));
  return loss;
}

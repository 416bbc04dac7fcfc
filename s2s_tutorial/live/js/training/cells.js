// The three recurrent cells, PyTorch's equations and names: one update each.

/** Blocks of H columns: the gates of a GRU or an LSTM. */
function blocks(tape, x, count) {
  const H = x.columns / count;
  return Array.from({ length: count }, (_, k) => tape.columns(x, k * H, (k + 1) * H));
}

/** h_t = tanh(a + b). */
function rnn(tape, a, b) {
  return { h: tape.tanh(tape.add(a, b)) };
}

/** r, z = sigma(a + b), n = tanh(a_n + r b_n), h_t = n + z (h_{t-1} - n). */
function gru(tape, a, b, { h }) {
  const [a_r, a_z, a_n] = blocks(tape, a, 3), [b_r, b_z, b_n] = blocks(tape, b, 3);
  const reset = tape.sigmoid(tape.add(a_r, b_r)), update = tape.sigmoid(tape.add(a_z, b_z));
  const fresh = tape.tanh(tape.add(a_n, tape.multiply(reset, b_n)));
  return { h: tape.add(fresh, tape.multiply(update, tape.subtract(h, fresh))) };
}

/** i, f, g, o = a + b, c_t = sigma(f) c_{t-1} + sigma(i) tanh(g), h_t = sigma(o) tanh(c_t). */
function lstm(tape, a, b, { c }) {
  const [i, f, g, o] = blocks(tape, tape.add(a, b), 4);
  const kept = tape.multiply(tape.sigmoid(f), c);
  const new_c = tape.add(kept, tape.multiply(tape.sigmoid(i), tape.tanh(g)));
  return { h: tape.multiply(tape.sigmoid(o), tape.tanh(new_c)), c: new_c };
}

export const CELLS = { rnn: { update: rnn, gates: 1 }, gru: { update: gru, gates: 3 }, lstm: { update: lstm, gates: 4 } };

/** h_0 = 0, and c_0 = 0 for an LSTM. @returns {{h: Matrix, c: Matrix}} (n, H) each */
export function zeroState(tape, n, H) {
  return { h: tape.matrix(n, H), c: tape.matrix(n, H) };
}

/**
 * One update of a cell: a = W_ih x + b_ih, b = W_hh h + b_hh, then the cell's own equation.
 *
 * @param {string} cell rnn, gru or lstm
 * @param {object} W weight_ih, weight_hh, bias_ih, bias_hh
 * @param {Matrix} x (n, input size)
 * @param {{h: Matrix, c?: Matrix}} state (n, H) each
 */
export function update(tape, cell, W, x, state) {
  const a = tape.linear(x, W.weight_ih, W.bias_ih), b = tape.linear(state.h, W.weight_hh, W.bias_hh);
  return CELLS[cell].update(tape, a, b, state);
}

// Clipping and Adam, as torch.nn.utils.clip_grad_norm_ and torch.optim.Adam compute them.

/** Shorten all gradients together to a norm of at most `most`. @param {Matrix[]} parameters @returns their norm before */
export function clip(parameters, most) {
  let squares = 0;
  for (const { grad } of parameters) for (let i = 0; i < grad.length; i++) squares += grad[i] * grad[i];
  const norm = Math.sqrt(squares), scale = Math.min(1, most / (norm + 1e-6));
  for (const { grad } of parameters) for (let i = 0; i < grad.length; i++) grad[i] *= scale;
  return norm;
}

/** Adam (Kingma and Ba, 2015). */
export class Adam {
  /** @param {Matrix[]} parameters */
  constructor(parameters, [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8) {
    Object.assign(this, { parameters, beta1, beta2, epsilon, updates: 0 });
    this.m = parameters.map(({ data }) => new Float32Array(data.length)); // mean of the gradients
    this.v = parameters.map(({ data }) => new Float32Array(data.length)); // mean of their squares
  }

  /** m, v <- moving means; w <- w - rate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon); gradients <- 0. */
  step(rate) {
    const { beta1, beta2, epsilon } = this, t = ++this.updates;
    const size = rate / (1 - beta1 ** t), root = Math.sqrt(1 - beta2 ** t);
    this.parameters.forEach(({ data, grad }, k) => {
      const m = this.m[k], v = this.v[k];
      for (let i = 0; i < data.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * grad[i];
        v[i] = beta2 * v[i] + (1 - beta2) * grad[i] * grad[i];
        data[i] -= (size * m[i]) / (Math.sqrt(v[i]) / root + epsilon);
      }
      grad.fill(0);
    });
  }
}

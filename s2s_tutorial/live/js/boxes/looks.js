/**
 * How tokens, states, weights and contexts are drawn: written down here for the boxes and, as this part of the
 * package is JSON, for Python (s2s_tutorial/figures/looks.py). Lengths are CSS pixels, a tint is an opacity.
 */
export const LOOKS = {
  "colors": {
    "encoder": "#0072B2",
    "decoder": "#D55E00",
    "context": "#009E73",
    "weights": "#CC79A7",
    "token": "#767676",
    "now": "#E69F00",
    "other": "#56B4E9",
    "text": "#767676"
  },
  "token": {"tint": 0.16, "stroke": 1.2, "radius": 4},
  "vector": {
    "tint": 0.12, "stroke": 1.2, "radius": 4, "size": [34, 46], "units": 8,
    "inset": 3, "bar": 0.76, "least": 0.5, "zero": 0.8, "zero-tint": 0.5
  },
  "weight": {
    "scale": ["#F9F5F7", "#F6CDE5", "#EAA7D6", "#D983C7", "#C45FB9", "#A546A3", "#872D8E", "#690F78", "#4A005B"],
    "steps": 256, "stroke": 0.8, "radius": 3, "grid-tint": 0.35
  }
};

/** Tells a box's style sheet: `--s2s-encoder`, `--s2s-token-tint` and so on. */
export function dress(box) {
  const set = (name, value) => box.style.setProperty(`--s2s-${name}`, value);
  for (const [name, color] of Object.entries(LOOKS.colors)) set(name, color);
  for (const kind of ["token", "weight"])
    for (const [name, value] of Object.entries(LOOKS[kind]))
      if (typeof value === "number") set(`${kind}-${name}`, name.endsWith("tint") ? `${100 * value}%` : `${value}px`);
}

/** The colour of a weight from 0 to 1: the scale in so many steps, as in matplotlib. */
export function weightColor(weight) {
  const { scale, steps } = LOOKS.weight;
  const step = Math.min(Math.floor(Math.max(weight, 0) * steps), steps - 1);
  const at = (step / (steps - 1)) * (scale.length - 1), low = Math.min(Math.floor(at), scale.length - 2);
  const channel = (color, k) => parseInt(color.slice(1 + 2 * k, 3 + 2 * k), 16);
  const mixed = [0, 1, 2].map((k) => Math.round(channel(scale[low], k) * (low + 1 - at) + channel(scale[low + 1], k) * (at - low)));
  return `rgb(${mixed.join(" ")})`;
}

/** Buttons, slider, count and caption to step through a drawing, as under the book's stored figures. */

import { player } from "../widgets/player.js";
import { el, icon } from "./dom.js";

// As in s2s_tutorial/figures/widgets/shell.py.
const ICONS = {
  prev: "M10.5 2.5L5 8l5.5 5.5",
  play: "M4 2l9 6-9 6z",
  pause: "M4 2h3v12H4zM9 2h3v12H9z",
  next: "M5.5 2.5L11 8l-5.5 5.5",
};

const button = (name, label, ...icons) =>
  el("button", { type: "button", className: `s2s-step-${name}`, "aria-label": label },
    icons.map((each) => icon(ICONS[each], `s2s-icon-${each}`)));

/** The bar; `made` is what `player` is told of the figure, once the bar stands in it. */
export function stepBar() {
  const measure = el("p", { className: "s2s-measure", "aria-hidden": "true" });
  const root = el("div", { className: "s2s-bar" },
    el("div", { className: "s2s-controls" },
      button("prev", "Previous step", "prev"), button("play", "Play", "play", "pause"), button("next", "Next step", "next"),
      el("input", { type: "range", className: "s2s-step-range", min: 0, max: 1, value: 0, "aria-label": "Step" }),
      el("span", { className: "s2s-count", "aria-hidden": "true" })),
    el("div", { className: "s2s-captions" },
      el("p", { className: "s2s-step-caption", "aria-live": "polite" }), measure));
  let playing = null;

  /** Makes the controls work; `captions()` and `paint(step)` as in player.js. */
  function start(figure, captions, paint, inner) {
    playing = player(figure, {
      captions, paint, inner, pace: 1200,
      said: (step) => (step ? `step ${step} of ${captions().length - 1}` : "the whole picture"),
    });
  }

  /** Shows a new drawing, whole; or lets it grow, unless the reader wants no motion. */
  function begin(captions, grow) {
    measure.textContent = captions.reduce((a, b) => (a.length >= b.length ? a : b));
    playing.go(0);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (grow && !still) root.querySelector(".s2s-step-play").click();
  }
  return { root, start, begin, go: (step) => playing.go(step), now: () => playing.now() };
}

/** What a reader can do to all models of a box at once: how a press erases a word, padding and mask, a mixture. */

import { el } from "./dom.js";
import { withPadding } from "./session.js";

const WAYS = {
  mask: "hides it from the attention (its neighbours have read it)",
  unknown: "makes it unknown (the attention may still look there)",
  both: "does both",
};

export class Tools {
  /**
   * `can` names some of "erase", "padding" and "mix", `several` says whether more than one model reads;
   * `state()` is the box's state, and `change(state)` is called with what the reader makes of it.
   */
  constructor(name, can, several, state, change) {
    this.way = can.includes("erase") ? "both" : null;
    this.change = change;
    this.ranges = [];
    this.mask = el("input", { type: "checkbox", onchange: ({ target }) => change(withPadding(state(), { mask: target.checked })) });
    this.root = el("div", { className: "s2s-tools", hidden: true },
      can.includes("erase") && el("fieldset", {}, el("legend", {}, `A press on a source word${several ? ", for all models," : ""}`),
        Object.entries(WAYS).map(([way, says]) => el("label", {},
          el("input", { type: "radio", name: `${name}-tool`, value: way, checked: way === this.way, onchange: () => ((this.way = way), change(state())) }),
          says))),
      can.includes("padding") && [
        this.range("Padding behind the sentence ", { max: 8 }, ({ padding }) => padding, String,
          (padding) => withPadding(state(), { padding })),
        el("label", {}, this.mask, "mask")],
      can.includes("mix") && this.range("Share of the other model's weights ", { max: 100, step: 5 },
        ({ share }) => Math.round(100 * share), (percent) => `${percent} %`, (percent) => ({ ...state(), share: percent / 100 })));
  }

  /** A slider with its number: `of(state)` is where it stands, `moved(value)` the state that it makes. */
  range(label, limits, of, says, moved) {
    const output = el("output", {});
    const input = el("input", { type: "range", min: 0, ...limits, oninput: () => {
      output.textContent = says(input.valueAsNumber);
      this.change(moved(input.valueAsNumber));
    } });
    this.ranges.push({ input, output, of, says });
    return el("label", {}, label, input, output);
  }

  /** Puts every tool where a state has it. */
  show(state) {
    this.root.hidden = this.root.childElementCount === 0;
    this.mask.checked = state.mask;
    for (const { input, output, of, says } of this.ranges) {
      input.value = of(state);
      output.textContent = says(of(state));
    }
  }
}

// Small parts of the training box: elements, and the settings a reader may change.

import { DEFAULTS } from "../training/settings.js";

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; text goes in as text. @param {string} tag "svg:path" for one of SVG */
export function element(tag, attributes = {}, ...children) {
  const node = tag.startsWith("svg:") ? document.createElementNS(SVG, tag.slice(4)) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

export const NAMES = { vector: "one vector", attention: "with attention" };
const CELLS = { rnn: "vanilla", gru: "GRU", lstm: "LSTM" };
const FIELDS = [
  ["cell", "Cell", Object.entries(CELLS)],
  ["longest", "Longest string", [4, 6, 8, 10, 12, 16]],
  ["units", "Units", [8, 16, 32, 48, 64]],
  ["letters", "Different letters", [2, 5, 10, 20, 26]],
  ["rate", "Learning rate", "decimal"],
  ["seed", "Seed", "numeric"],
];

/** The settings that a page asks for: data-cell, data-longest and so on, and data-models="vector attention". */
export function settingsOf({ dataset }) {
  const settings = { ...DEFAULTS };
  for (const [name, , kind] of FIELDS)
    if (dataset[name] !== undefined) settings[name] = name === "cell" ? dataset[name] : Number(dataset[name]);
  if (dataset.models) settings.models = dataset.models.split(" ");
  return settings;
}

/** The settings in a few words. */
export function inWords({ cell, units, longest, letters, rate, seed }) {
  return `${CELLS[cell]}, ${units} units, up to ${longest} of ${letters} letters, rate ${rate}, seed ${seed}`;
}

/**
 * The form in which a reader changes the settings.
 *
 * @param {object} settings those it starts from
 * @param {(changed: object) => void} changed called with all settings after each change
 */
export function settingsForm(settings, changed) {
  const fields = FIELDS.map(([name, label, kind]) => {
    const typed = typeof kind === "string";
    const input = typed
      ? element("input", { type: "text", inputmode: kind, value: settings[name], size: 6, autocomplete: "off" })
      : element("select", {}, ...options(kind, settings[name]));
    input.name = name;
    input.addEventListener("change", () => {
      const text = input.value.trim().replace(",", ".").slice(0, 20) || "nothing", number = Number(text);
      changed({ ...settings, [name]: name === "cell" || Number.isNaN(number) ? text : number }); // what is no number is refused
    });
    return element("label", {}, element("span", {}, label), input);
  });
  const form = element("form", { class: "s2s-training-settings", onsubmit: (event) => event.preventDefault() }, ...fields);
  return {
    form,
    take(taken) {
      settings = taken;
      for (const [name] of FIELDS) form.elements[name].removeAttribute("aria-invalid");
    },
    refuse: (asked) => FIELDS.forEach(([name]) => asked[name] !== settings[name] && form.elements[name].setAttribute("aria-invalid", "true")),
  };
}

function options(values, chosen) {
  const pairs = values.map((each) => (Array.isArray(each) ? each : [each, String(each)]));
  if (!pairs.some(([value]) => String(value) === String(chosen))) pairs.push([chosen, String(chosen)]);
  return pairs.map(([value, text]) => element("option", { value, selected: String(value) === String(chosen) }, text));
}

/** A table whose rows are named by their first cell. */
export function fillTable(table, caption, head, rows) {
  const cells = (row, first) => row.map((text, k) => element(k === 0 || first ? "th" : "td", { scope: first ? "col" : k === 0 ? "row" : null }, text));
  table.replaceChildren(
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...cells(head, true))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...cells(row, false)))));
}

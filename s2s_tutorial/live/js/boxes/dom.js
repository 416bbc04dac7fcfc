/** Elements, made with text as text: what a reader writes never becomes markup. */

/**
 * An element. Keys of `settings` that begin with "on" are listeners, `data` goes to the dataset,
 * keys that the element knows are set, and others are attributes; null and false leave one out.
 */
export function el(tag, settings = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name in made && !name.includes("-") && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...inside.flat().filter((each) => each !== null && each !== undefined && each !== false));
  return made;
}

/**
 * The line on which a reader writes, with its button; Enter in the field does what the button does. Both are listened to
 * themselves: the frames in which notebooks show outputs may forbid that a form is sent.
 */
export function writingLine(label, input, button, said) {
  const say = (event) => (event.preventDefault(), button.disabled || said(input.value));
  button.addEventListener("click", say);
  input.addEventListener("keydown", (event) => event.key === "Enter" && !event.isComposing && say(event));
  return el("form", { onsubmit: say }, el("label", {}, el("span", {}, label), input), button);
}

/** A weight or probability in two digits: ".97", "1", "<.01". */
export function short(number) {
  if (number > 0 && number < 0.005) return "<.01";
  const text = number.toFixed(2);
  return text === "1.00" ? "1" : text.replace(/^0/, "");
}

/** A token as it is shown: a space has to be seen. */
export const shown = (token) => (/^\s+$/u.test(token) ? "␣" : token);

/** A number that no other element's id on this page ends in. */
let made = 0;
export const nextId = () => `s2s-box-${(made += 1)}`;

/** An element of SVG. */
export function svg(tag, attributes = {}, ...inside) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

/** A drawing of one path, 16 units wide. */
export const icon = (d, className) => svg("svg", { class: className, viewBox: "0 0 16 16", "aria-hidden": true }, svg("path", { d }));

/** Puts a style sheet into the page, once, and waits until it is there. */
export function styleSheet(address) {
  const { href } = new URL(address, import.meta.url);
  sheets[href] ??= new Promise((resolve) => {
    const link = el("link", { rel: "stylesheet", onload: resolve, onerror: resolve });
    link.href = href;
    document.head.append(link);
  });
  return sheets[href];
}
const sheets = {};

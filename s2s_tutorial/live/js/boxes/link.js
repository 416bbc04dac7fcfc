/** The state of a box in the address, so that a link brings a reader to what another one saw. */

import { el } from "./dom.js";

const PREFIX = "try=";

/** What the address holds for the box of that name; null if nothing, or nothing that can be read. */
export function stateFromLink(name) {
  const part = location.hash.slice(1).split("&").find((each) => each.startsWith(`${PREFIX}${name}:`));
  if (part === undefined) return null;
  try {
    const state = JSON.parse(decodeURIComponent(part.slice(PREFIX.length + name.length + 1)));
    return state !== null && typeof state === "object" && !Array.isArray(state) ? state : null;
  } catch {
    return null;
  }
}

/** The address of this page with the state of a box. */
export function linkWith(name, state) {
  const address = new URL(location.href);
  address.hash = `${PREFIX}${name}:${encodeURIComponent(JSON.stringify(state))}`;
  return address.href;
}

/** A button that says where the link is; none in a frame, such as an output of Colab, whose address nobody sees. */
export function linkButton(name, state, status) {
  const give = async () => (status.textContent = await shareLink(name, state()));
  return window.parent === window && el("button", { type: "button", onclick: give }, "Link to this");
}

/** Puts the link into the address bar and, where that is allowed, on the clipboard; says which. */
export async function shareLink(name, state) {
  const address = linkWith(name, state);
  history.replaceState(null, "", address);
  try {
    await navigator.clipboard.writeText(address);
    return "The link is copied, and stands in the address bar.";
  } catch {
    return "The link stands in the address bar.";
  }
}

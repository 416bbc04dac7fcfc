// Runs inside a page and returns what is wrong with it, one sentence each. See tests/helpers/website/checks.py.
async () => {
  document.querySelectorAll("details").forEach((details) => (details.open = true));
  await document.fonts.ready;
  const main = document.querySelector("article.bd-article") ?? document.querySelector("main") ?? document.body;
  const problems = [];
  const shorten = (text) => text.replace(/\s+/g, " ").trim().slice(0, 60);
  const name = (node) => `<${node.tagName.toLowerCase()} class="${node.getAttribute("class") ?? ""}"> ${shorten(node.textContent)}`;
  const ancestors = function* (node) { for (let up = node; up; up = up.parentElement) yield up; };
  const style = (node) => getComputedStyle(node);

  // Equations: every one is drawn, and no delimiters of one are left in the text.
  for (const error of document.querySelectorAll("mjx-merror, [data-mjx-error]"))
    problems.push(`equation: MathJax could not draw ${shorten(error.getAttribute("data-mjx-error") ?? error.textContent)}`);
  for (const box of main.querySelectorAll(".math"))
    if (!box.querySelector("mjx-container")) problems.push(`equation: not drawn: ${shorten(box.textContent)}`);
  const text = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (text.nextNode()) {
    const { data, parentElement: parent } = text.currentNode;
    if (parent.closest("pre, code, script, style, mjx-container, .math, [hidden]")) continue;
    if (/\$\$|\\[([]|\\begin\{|\$[^$\s][^$]*[\\_^][^$]*\$/.test(data)) problems.push(`equation: raw ${shorten(data)}`);
  }

  // Width: nothing sticks out, unless a box around it scrolls.
  const width = document.documentElement.clientWidth;
  const page = document.documentElement.scrollWidth;
  if (page > width + 1) problems.push(`overflow: the page is ${page} wide in a window of ${width}`);
  for (const node of main.querySelectorAll("*")) {
    const box = node.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || box.right <= width + 1) continue;
    if (node.parentElement.closest("mjx-assistive-mml")) continue;  // within the unseen copy; its own box counts
    const scrolls = [...ancestors(node.parentElement)].some((up) => main.contains(up) && /auto|scroll/.test(style(up).overflowX));
    if (!scrolls && !node.closest("svg *")) problems.push(`overflow: ${Math.round(box.right - width)} px outside: ${name(node)}`);
  }

  // Pictures say in words what they show.
  for (const image of main.querySelectorAll("img")) {
    const words = image.getAttribute("alt")?.trim() ?? "";
    if (!words || /\.(png|svg|jpe?g|gif)$/i.test(words)) problems.push(`alt text: missing on ${image.getAttribute("src").slice(0, 60)}`);
  }
  for (const drawing of main.querySelectorAll("svg, canvas")) {
    const named = drawing.querySelector(":scope > title") || drawing.closest("[aria-label], [aria-labelledby]");
    if (!named && !drawing.closest("[aria-hidden=true], button, a")) problems.push(`alt text: missing on ${name(drawing)}`);
  }

  // Text stands out from what is behind it (WCAG's ratio; 3 is its lowest for any text).
  const rgba = (color) => {
    const numbers = color.match(/[\d.]+(?=[\s,)/])/g).map(Number);
    const scale = color.startsWith("color(srgb") ? 255 : 1;
    return [...numbers.slice(0, 3).map((number) => number * scale), numbers[3] ?? 1];
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (node) => {
    for (const up of ancestors(node)) {
      const color = rgba(style(up).backgroundColor);
      if (color[3] > 0.5) return color;
    }
    return [255, 255, 255];
  };
  for (const node of main.querySelectorAll("p, li, td, th, h1, h2, h3, figcaption, pre, pre span, a, label, summary")) {
    const own = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
    if (!own || !node.getClientRects().length || style(node).visibility === "hidden" || node.closest("svg, .headerlink")) continue;
    const [a, b] = [luminance(rgba(style(node).color)), luminance(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 3) problems.push(`contrast: ${ratio.toFixed(1)} in ${name(node)}`);
  }
  return [...new Set(problems)];
};

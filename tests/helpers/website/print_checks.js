// Runs inside a page as it is printed, in a window as wide as the paper's column, and returns what is wrong with it.
() => {
  const main = document.querySelector("article.bd-article") ?? document.querySelector("main") ?? document.body;
  const width = document.documentElement.clientWidth;
  const problems = [];
  const shorten = (text) => text.replace(/\s+/g, " ").trim().slice(0, 60);
  const style = (node) => getComputedStyle(node);
  const seen = (node) => node.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });

  // Every line of text lies on the paper, and in the dark colours of print.
  const luminance = (color) => {
    const [r, g, b] = color.match(/[\d.]+/g).map((c) => (c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const range = document.createRange();
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement: parent } = texts.currentNode;
    if (!data.trim() || parent.closest("script, style, mjx-assistive-mml") || !seen(parent)) continue;
    range.selectNodeContents(texts.currentNode);
    for (const line of range.getClientRects())
      if (line.width > 1 && (line.right > width + 1 || line.left < -1)) {
        problems.push(`cut: ${Math.round(Math.max(line.right - width, -line.left))} px of ${shorten(data)}`);
        break;
      }
    if (!parent.closest("svg, .s2s-card") && 1.05 / (luminance(style(parent).color) + 0.05) < 3) problems.push(`pale: ${shorten(data)}`);
  }

  for (const node of main.querySelectorAll(":not(pre *, svg *, mjx-container *)")) {
    if (!seen(node)) continue;
    const { right, left, width: wide, height: high } = node.getBoundingClientRect();
    const name = `<${node.localName} class="${node.getAttribute("class") ?? ""}"> ${shorten(node.textContent)}`;
    // No picture, box or table sticks out, and no box hides the rest of what is in it.
    if (wide > 1 && high > 1 && (right > width + 1 || left < -1))
      problems.push(`cut: ${name} ends at ${Math.round(right)} of ${width}`);
    if (/auto|scroll|hidden|clip/.test(style(node).overflowX) && node.clientWidth && node.scrollWidth > node.clientWidth + 1)
      problems.push(`hidden: ${node.scrollWidth - node.clientWidth} px of ${name}`);
    if (node.matches("button, input, select, .headerlink, .s2s-controls, .s2s-beam-controls, .s2s-choose, .lf-player")) problems.push(`control: ${name}`);
  }

  // What is folded on the screen is there, but for the answers of questions.
  const left = "summary, .s2s-question button, .s2s-q-answers, .s2s-q-said, .s2s-q-progress";
  for (const answers of main.querySelectorAll(".s2s-q-answers")) if (seen(answers)) problems.push(`answers: ${shorten(answers.textContent)}`);
  for (const fold of main.querySelectorAll("details"))
    if (seen(fold) && [...fold.children].some((child) => !child.matches(left) && child.textContent.trim() && !seen(child)))
      problems.push(`folded: ${shorten(fold.textContent)}`);
  return [...new Set(problems)];
};

// Runs inside a chapter and returns what of it cannot be read in a window as wide as this one. See tests/helpers/website/checks.py.
() => {
  // How far the last sign of an equation stays from its box, when that is scrolled to the end.
  const equations = [];
  for (const equation of document.querySelectorAll("article div.math")) {
    const box = equation.getBoundingClientRect(), scrolled = equation.querySelector("mjx-container");
    const edge = (side) => Array.from(equation.querySelectorAll("mjx-c")).map((sign) => sign.getBoundingClientRect()[side]);
    scrolled.scrollLeft = 0;
    const left = box.left - Math.min(...edge("left"));
    scrolled.scrollLeft = scrolled.scrollWidth;
    const right = Math.max(...edge("right")) - box.right;
    scrolled.scrollLeft = 0;
    if (left > 2 || right > 2) equations.push(`unreachable: ${equation.textContent.slice(0, 40)}: ${left.toFixed()}, ${right.toFixed()}`);
  }
  const code = Array.from(document.querySelectorAll("article pre"))
    .filter((box) => box.offsetParent && box.scrollWidth > box.clientWidth + 2)
    .map((box) => `${box.scrollWidth - box.clientWidth} pixels of ${box.textContent.slice(0, 60)}`);
  return { equations, code, height: document.querySelector("article.bd-article").scrollHeight };
};

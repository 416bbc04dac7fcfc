// A box is as large as its frame allows, within what can be read; beyond that one scrolls. Esc gives the keys to the slides.
const SIZES = [1.5, 1.4, 1.3, 1.2, 1.1, 1, 0.9];
function fit() {
  for (const size of SIZES) {
    document.body.style.zoom = size;
    if (document.documentElement.scrollHeight <= innerHeight + 1) return;
  }
}
new ResizeObserver(fit).observe(document.querySelector(".s2s-box"));
addEventListener("resize", fit);
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.activeElement?.blur();
  parent.focus();
});

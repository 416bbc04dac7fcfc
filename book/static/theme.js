// Runs before MathJax: both are deferred, and this one stands first.

// Centred equations keep room for their number on both sides; a phone has none to spare.
if (matchMedia("(max-width: 600px)").matches) {
  window.MathJax = { ...window.MathJax, chtml: { ...window.MathJax?.chtml, displayAlign: "left" } };
}

// The widget manager typesets with MathJax 2's API, and MathJax 3 has no `Hub`.
document.addEventListener("DOMContentLoaded", () => {
  if (window.MathJax && !window.MathJax.Hub)
    window.MathJax.Hub = { Queue: (call) => call && call[2] && window.MathJax.typesetPromise([call[2]]) };
});

// Buttons, slider, keys and count of one figure. `made` says what it is: captions() for the steps 0, 1, ...,
// paint(step), which draws one and returns what must not be scrolled out of sight, said(step) for readers who
// listen, pace in milliseconds, and inner, a selector for what has keys of its own.
const HEADER = 78; // pixels at the top of the screen that the site's own bar may cover
function player(figure, made) {
  const find = (name) => figure.querySelector(".s2s-" + name);
  const range = find("step-range"), prev = find("step-prev"), next = find("step-next"), play = find("step-play");
  const last = () => made.captions().length - 1;
  let now = 0, timer = null;

  function paint(step) {
    const part = made.paint(step);
    find("step-caption").textContent = made.captions()[step];
    return part;
  }
  function show(step) {
    now = Math.max(0, Math.min(last(), step));
    const part = paint(now);
    range.max = last();
    range.value = now;
    range.setAttribute("aria-valuetext", made.said(now));
    find("count").textContent = now ? now + " / " + last() : "all";
    prev.disabled = now === 0;
    next.disabled = now === last();
    if (!part) return;
    const scroll = part.closest(".s2s-scroll");
    const box = part.getBoundingClientRect(), view = scroll.getBoundingClientRect();
    if (box.left < view.left || box.right > view.right)
      scroll.scrollLeft += (box.left + box.right - view.left - view.right) / 2;
    // Of a drawing taller than the screen, what changes comes between the page's own bar and the figure's.
    const bar = find("bar").getBoundingClientRect();
    if (bar.bottom < 0 || bar.top > window.innerHeight) return; // the reader has gone on
    if (box.top < HEADER) window.scrollBy(0, box.top - HEADER);
    else if (box.bottom > bar.top - 8) window.scrollBy(0, Math.min(box.bottom - bar.top + 8, box.top - HEADER));
  }
  function stop() {
    clearInterval(timer);
    timer = null;
    play.setAttribute("aria-label", "Play");
    figure.classList.remove("s2s-playing");
  }
  function go(step) {
    stop();
    show(step);
  }
  prev.addEventListener("click", () => go(now - 1));
  next.addEventListener("click", () => go(now + 1));
  range.addEventListener("input", () => go(Number(range.value)));
  play.addEventListener("click", () => {
    if (timer) return stop();
    show(now === last() ? 1 : now + 1);
    timer = setInterval(() => {
      if (!figure.isConnected || now === last()) return stop();
      show(now + 1);
    }, Number(made.pace));
    play.setAttribute("aria-label", "Pause");
    figure.classList.add("s2s-playing");
  });
  figure.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last() };
    if (event.target.closest(made.inner) || !(event.key in moves)) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    go(moves[event.key]);
  });
  return { go, paint, now: () => now, playing: () => Boolean(timer) };
}

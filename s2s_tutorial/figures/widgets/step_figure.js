(function () {
  function start(figure) {
    const find = (name) => figure.querySelector(".s2s-" + name);
    const range = find("step-range"), caption = find("step-caption"), scroll = find("scroll");
    const prev = find("step-prev"), next = find("step-next"), play = find("step-play");
    const captions = [caption.textContent];
    figure.querySelectorAll(".s2s-step-list li").forEach((item) => captions.push(item.textContent));
    const last = captions.length - 1;
    const parts = Array.from(figure.querySelectorAll("[data-step]"));
    let now = 0, timer = null;

    function show(step) {
      now = Math.max(0, Math.min(last, step));
      let shown = null;
      for (const part of parts) {
        const at = Number(part.dataset.step);
        part.classList.toggle("s2s-later", now > 0 && at > now);
        part.classList.toggle("s2s-now", at === now);
        if (at === now && part.getClientRects().length) shown = part.querySelector(".s2s-frame") || part;
      }
      caption.textContent = captions[now];
      range.value = now;
      range.setAttribute("aria-valuetext", now ? "step " + now + " of " + last : "the whole picture");
      find("count").textContent = now ? now + " / " + last : "all";
      prev.disabled = now === 0;
      next.disabled = now === last;
      if (shown) {
        const box = shown.getBoundingClientRect(), view = scroll.getBoundingClientRect();
        if (box.left < view.left || box.right > view.right)
          scroll.scrollLeft += (box.left + box.right - view.left - view.right) / 2;
      }
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
      show(now === last ? 1 : now + 1);
      timer = setInterval(() => {
        if (!figure.isConnected || now === last) return stop();
        show(now + 1);
      }, Number(figure.dataset.interval));
      play.setAttribute("aria-label", "Pause");
      figure.classList.add("s2s-playing");
    });
    figure.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last };
      if (event.target.closest(".s2s-step-list") || !(event.key in moves)) return;
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      go(moves[event.key]);
    });
    show(0);
    figure.classList.add("s2s-ready");
  }
  document.querySelectorAll(".s2s-figure[data-interval]:not(.s2s-ready)").forEach(start);
})();

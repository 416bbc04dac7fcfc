(function () {
  function start(figure) {
    const find = (name) => figure.querySelector(".s2s-" + name);
    const range = find("step-range"), caption = find("step-caption"), choice = find("example-choice");
    const prev = find("step-prev"), next = find("step-next"), play = find("step-play");
    const examples = Array.from(figure.querySelectorAll(".s2s-example"));
    const tables = Array.from(figure.querySelectorAll(".s2s-table"));
    const whole = caption.textContent;
    let example = examples[0], captions = [], now = 0, timer = null;

    function paint(word) {
      for (const part of example.querySelectorAll("[data-step]")) {
        const at = Number(part.dataset.step);
        part.classList.toggle("s2s-chosen", at === word);
        part.classList.toggle("s2s-other", word > 0 && at !== word);
      }
      for (const part of example.querySelectorAll("[data-word]"))
        part.classList.toggle("s2s-now", Number(part.dataset.word) === word);
      caption.textContent = captions[word];
    }
    function show(word) {
      const last = captions.length - 1;
      now = Math.max(0, Math.min(last, word));
      paint(now);
      range.max = last;
      range.value = now;
      range.setAttribute("aria-valuetext", captions[now]);
      find("count").textContent = now ? now + " / " + last : "all";
      prev.disabled = now === 0;
      next.disabled = now === last;
      const scroll = example.querySelector(".s2s-scroll"), view = scroll.getBoundingClientRect();
      for (const part of example.querySelectorAll(".s2s-word.s2s-now")) {
        const box = part.getBoundingClientRect();
        if (box.width && (box.left < view.left || box.right > view.right))
          scroll.scrollLeft += (box.left + box.right - view.left - view.right) / 2;
      }
    }
    function stop() {
      clearInterval(timer);
      timer = null;
      play.setAttribute("aria-label", "Play");
      figure.classList.remove("s2s-playing");
    }
    function go(word) {
      stop();
      show(word);
    }
    function take(index) {
      stop();
      examples.forEach((other, k) => (other.hidden = k !== index));
      example = examples[index];
      const rows = tables[index].querySelectorAll("[data-caption]");
      captions = [whole].concat(Array.from(rows, (row) => row.dataset.caption));
      show(now);
    }
    const wordAt = (target) => {
      const word = target.closest && target.closest(".s2s-word");
      return word ? Number(word.dataset.word) : 0;
    };
    prev.addEventListener("click", () => go(now - 1));
    next.addEventListener("click", () => go(now + 1));
    range.addEventListener("input", () => go(Number(range.value)));
    if (choice) choice.addEventListener("change", () => take(Number(choice.value)));
    play.addEventListener("click", () => {
      if (timer) return stop();
      show(now === captions.length - 1 ? 1 : now + 1);
      timer = setInterval(() => {
        if (!figure.isConnected || now === captions.length - 1) return stop();
        show(now + 1);
      }, Number(figure.dataset.pace));
      play.setAttribute("aria-label", "Pause");
      figure.classList.add("s2s-playing");
    });
    for (const each of examples) {
      each.addEventListener("click", (event) => {
        const word = wordAt(event.target);
        if (word) go(word === now ? 0 : word);
      });
      each.addEventListener("pointerover", (event) => {
        if (event.pointerType === "mouse" && !timer) paint(wordAt(event.target) || now);
      });
      each.addEventListener("pointerleave", () => {
        if (!timer) paint(now);
      });
    }
    figure.addEventListener("keydown", (event) => {
      const last = captions.length - 1;
      const moves = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last };
      if (event.target.closest(".s2s-numbers, select") || !(event.key in moves)) return;
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      go(moves[event.key]);
    });
    take(choice ? Number(choice.value) : 0);
    figure.classList.add("s2s-ready");
  }
  document.querySelectorAll(".s2s-attention:not(.s2s-ready)").forEach(start);
})();

// Judges the questions of a page from the answers that stand in it; what was answered is kept in this browser.
(function () {
  const KEY = "s2s-questions";
  // Shared by the page's questions: what was answered, and whether the browser keeps it.
  const store = (window.s2sQuestions = window.s2sQuestions || { answered: {}, kept: true });
  function load() {
    try {
      const text = localStorage.getItem(KEY);
      store.kept = true;
      try {
        store.answered = Object(JSON.parse(text || "{}"));
      } catch (damaged) {
        store.answered = {};
      }
    } catch (refused) {
      store.kept = false;
    }
  }
  function save() {
    try {
      if (Object.keys(store.answered).length) localStorage.setItem(KEY, JSON.stringify(store.answered));
      else localStorage.removeItem(KEY);
    } catch (refused) {
      store.kept = false;
    }
    window.dispatchEvent(new Event(KEY));
  }
  const plural = (n, one, more) => n + " " + (n === 1 ? one : more);

  // Each judge gives { wait: words } where the answer is not whole, else { right, why: the rows with reasons, more }.
  function choices(box, rows) {
    const taken = Array.from(box.querySelectorAll("input"), (input) => input.checked);
    if (!taken.includes(true)) return { wait: "Choose first." };
    const right = rows.map((row) => row.dataset.correct === "true");
    const wrong = rows.filter((row, i) => taken[i] && !right[i]);
    const missing = right.filter((is, i) => is && !taken[i]).length;
    if (!wrong.length && !missing) return { right: true, why: rows.filter((row, i) => right[i]) };
    const more = missing && box.dataset.type === "many_choice" ? plural(missing, "right choice is", "right choices are") + " missing." : "";
    return { right: false, why: wrong, more };
  }
  function number(box, rows) {
    const text = box.querySelector("input").value.trim().replace(",", ".").replace("\u2212", "-");
    const [over, under = 1, more] = text.split("/").map((part) => (part.trim() ? Number(part) : NaN));
    const value = more === undefined ? over / under : NaN;
    if (!Number.isFinite(value)) return { wait: "Write a number, such as 12, 0.25 or 1/4." };
    const row = rows.find((each) => !each.dataset.low || (each.dataset.low <= value && value <= each.dataset.high));
    return { right: row.dataset.correct === "true", why: [row] };
  }
  function order(box, rows) {
    const places = Array.from(box.querySelectorAll("select"), (select) => Number(select.value));
    if (places.includes(0) || new Set(places).size < places.length) return { wait: "Give each line a place of its own." };
    const early = rows.findIndex((row, i) => places[row.dataset.item] !== i + 1);
    if (early < 0) return { right: true, why: [] };
    const there = rows.find((row) => places[row.dataset.item] === early + 1);
    return { right: false, why: [there], more: "Place " + (early + 1) + " is the first that is not right." };
  }

  function mount(box) {
    const find = (name) => box.querySelector(".s2s-q-" + name);
    const rows = Array.from(box.querySelectorAll(".s2s-q-answers li"));
    const judge = { numeric: number, order }[box.dataset.type] || choices;
    const said = find("said"), progress = find("progress"), check = find("check");
    const chapter = box.dataset.question.split("-")[0] + "-";
    const count = document.createElement("span"), forget = document.createElement("button");
    forget.type = "button";
    forget.textContent = "Forget my answers in this book";
    progress.append(count, " ", forget);

    function say(word, verdict) {
      said.className = "s2s-q-said s2s-q-" + (word === "Right." ? "right" : "wrong");
      const line = document.createElement("p"), strong = document.createElement("strong");
      strong.textContent = word;
      line.append(strong);
      for (const row of verdict.why || [])
        line.append(" ", ...Array.from(row.querySelector(".s2s-q-why").childNodes, (node) => node.cloneNode(true)));
      if (verdict.more) line.append(" " + verdict.more);
      said.replaceChildren(line);
    }
    function answer() {
      const verdict = judge(box, rows);
      if (verdict.wait) return say(verdict.wait, {});
      say(verdict.right ? "Right." : "Not so.", verdict);
      if (!verdict.right) return;
      load();
      store.answered[box.dataset.question] = 1;
      save();
    }
    function show() {
      const done = Object.keys(store.answered).filter((id) => id.startsWith(chapter)).length;
      box.classList.toggle("s2s-q-done", box.dataset.question in store.answered);
      find("done-words").textContent = box.dataset.question in store.answered ? " answered" : "";
      // Where each output is a page of its own (Colab) the others cannot be counted.
      progress.hidden = !done || document.querySelectorAll(".s2s-question").length < 2;
      count.textContent = done + " of " + box.dataset.of + " in this chapter answered" + (store.kept ? "." : "; your browser keeps none of it.");
    }
    forget.addEventListener("click", () => {
      store.answered = {};
      save();
      box.querySelector("summary").focus();
      said.replaceChildren();
      said.className = "s2s-q-said";
    });
    check.addEventListener("click", answer);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("fieldset input")) answer();
    });
    window.addEventListener(KEY, show);
    const mark = document.createElement("span");
    mark.className = "s2s-q-done-words";
    box.querySelector("summary").append(mark);
    check.hidden = false;
    box.classList.add("s2s-ready");
  }
  load();
  document.querySelectorAll(".s2s-question:not(.s2s-ready)").forEach(mount);
  window.dispatchEvent(new Event(KEY)); // the questions before these count them too
})();

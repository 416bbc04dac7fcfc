// The glossary. On its page: a box that leaves the entries in which something stands. In chapters: what a term is, shown where
// one points at its link. Without scripts the page is whole, and the browser shows the link's title.

document.addEventListener("DOMContentLoaded", () => {
  const make = (tag, text = "", attributes = {}) => {
    const node = document.createElement(tag);
    node.textContent = text;
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };

  // Without accents, so that "chu y" finds "chú ý".
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").normalize("NFC").toLowerCase();

  const lists = [...document.querySelectorAll("dl.s2s-glossary")];
  if (lists.length) {
    const entries = lists.flatMap((list) => [...list.querySelectorAll(":scope > dt")]).map((head) => {
      const body = head.nextElementSibling;
      return { head, body, text: plain(`${head.textContent} ${body.textContent}`) };
    });
    const box = make("input", "", { type: "search", autocomplete: "off", spellcheck: "false" });
    const label = make("label", "Find ");
    label.append(box);
    const count = make("output");
    const form = make("div", "", { class: "s2s-filter", role: "search" });
    form.append(label, count);
    lists[0].closest("section").before(form);

    const filter = () => {
      const wanted = plain(box.value).split(/\s+/).filter(Boolean);
      let left = 0;
      for (const { head, body, text } of entries) {
        head.hidden = body.hidden = !wanted.every((word) => text.includes(word));
        left += !head.hidden;
      }
      for (const list of lists) list.closest("section").hidden = !list.querySelector(":scope > dt:not([hidden])");
      count.textContent = `${left} of ${entries.length} terms`;
    };
    box.addEventListener("input", filter);
    filter();
    // A link to an entry that is filtered away shows it.
    addEventListener("hashchange", () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target?.closest("[hidden]")) return;
      box.value = "";
      filter();
      target.scrollIntoView();
    });
  }

  // The note of the link that is pointed at or has the focus.
  const note = make("div", "", { id: "s2s-note", class: "s2s-note", role: "tooltip" });
  note.hidden = true;
  document.body.append(note);
  let shown = null;
  let leaving = 0;

  const hide = () => {
    clearTimeout(leaving);
    if (!shown) return;
    shown.title = note.firstChild.textContent;
    shown.removeAttribute("aria-describedby");
    note.hidden = true;
    shown = null;
  };
  const show = (link) => {
    clearTimeout(leaving);
    if (shown === link) return;
    hide();
    shown = link;
    const names = make("p");
    for (const language of ["vi", "zh-Hans", "zh-Hant", "ko"]) {
      const name = link.getAttribute(`data-${language.toLowerCase()}`);
      if (name) names.append(make("span", name, { lang: language }), " ");
    }
    note.replaceChildren(make("p", link.title), names);
    link.removeAttribute("title"); // else the browser shows it too
    link.setAttribute("aria-describedby", note.id);
    note.hidden = false;
    const [line] = link.getClientRects();
    const left = Math.min(line.left, document.documentElement.clientWidth - note.offsetWidth - 12);
    const below = line.bottom + note.offsetHeight + 12 < innerHeight || line.top < note.offsetHeight + 12;
    note.style.left = `${Math.max(12, left) + scrollX}px`;
    note.style.top = `${scrollY + (below ? line.bottom + 6 : line.top - note.offsetHeight - 6)}px`;
  };
  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(hide, 150); // time to move onto the note
  };

  for (const link of document.querySelectorAll("a.s2s-term")) {
    link.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(link));
    link.addEventListener("pointerleave", leave);
    link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
    link.addEventListener("blur", leave);
  }
  note.addEventListener("pointerenter", () => clearTimeout(leaving));
  note.addEventListener("pointerleave", leave);
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
});

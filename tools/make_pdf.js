// Turns an open page of the site into the whole book: title page, contents, and every page behind the other. See make_pdf.py.
async ({ title, author, year, address, parts }) => {
  const pages = parts.flatMap((part) => part.pages);
  const place = (name, fragment) => name.replaceAll("/", "-") + (fragment ? "--" + fragment : "");
  const make = (tag, attributes = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };

  // Where an address of the page `name` leads: into the book, or to the site, whose address is then printed.
  function lead(link, name) {
    const url = new URL(link.getAttribute("href"), `${location.origin}/${name}.html`);
    if (url.origin !== location.origin) return;
    if (link.querySelector("img")) return link.replaceWith(...link.childNodes); // the picture alone, larger
    const target = url.pathname.slice(1).replace(/\.html$/, "");
    if (pages.includes(target)) return link.setAttribute("href", "#" + place(target, decodeURIComponent(url.hash.slice(1))));
    link.href = address + url.pathname.slice(1) + url.hash;
    link.classList.add("external");
  }

  async function addStyles(doc, name) {
    const known = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((link) => link.href));
    const links = [...doc.querySelectorAll("link[rel=stylesheet]")].map((link) => [new URL(link.getAttribute("href"), `${location.origin}/${name}.html`).href, link.media]);
    for (const [href, media] of links)
      if (!known.has(href))
        await new Promise((done) => {
          const link = make("link", { rel: "stylesheet", href, media });
          link.onload = link.onerror = done;
          document.querySelector("link[rel=stylesheet]").before(link);
        });
  }

  // Ids are those of their page, so that each stands once in the book. Those within a figure are its own.
  async function read(name) {
    const answer = await fetch(`/${name}.html`);
    if (!answer.ok) throw new Error(`the built site has no ${name}.html: run make book`);
    const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
    await addStyles(doc, name);
    const article = doc.querySelector("article.bd-article");
    article.querySelectorAll("script, .headerlink").forEach((node) => node.remove());
    for (const node of article.querySelectorAll("[id]")) if (!node.closest("svg, .s2s-figure")) node.id = place(name, node.id);
    for (const link of article.querySelectorAll("a[href]")) lead(link, name);
    for (const image of article.querySelectorAll("img")) {
      image.removeAttribute("loading"); // all are wanted now
      image.src = new URL(image.getAttribute("src"), `${location.origin}/${name}.html`);
    }
    article.id = place(name);
    article.style.page = place(name);
    return article;
  }

  const line = (level, id, heading) =>
    make("li", { class: level }, make("a", { href: "#" + id }, make("span", {}, heading), make("i"), make("b", { "data-page-of": id }, "000")));
  const contents = make("ol");
  const articles = [];
  const headers = [];
  for (const { caption, pages } of parts) {
    if (caption) contents.append(make("li", { class: "part" }, caption));
    for (const name of pages) {
      const article = await read(name);
      const heading = article.querySelector("h1").textContent.trim();
      contents.append(line("chapter", article.id, heading));
      for (const section of article.querySelectorAll("section[id] > h2")) contents.append(line("section", section.parentElement.id, section.textContent.trim()));
      headers.push(`@page ${article.id} { @top-right { content: ${JSON.stringify(heading)} } }`);
      articles.push(article);
    }
  }
  const cover = make("header", { class: "pdf-cover" },
    make("img", { src: "/_static/logo.svg", alt: "" }), make("p", { class: "pdf-title" }, title), make("p", {}, author), make("p", {}, year),
    make("p", { class: "pdf-small" }, "Text and figures: CC BY 4.0. Code: MIT.", make("br"), make("a", { href: address }, address)));
  const front = make("nav", { class: "bd-article pdf-contents" }, make("h1", {}, "Contents"), contents);
  const column = make("div", { class: "bd-article-container" }, cover, front, ...articles);
  document.title = title;
  document.head.append(make("style", {}, headers.join("\n")));
  document.body.replaceChildren(make("main", { class: "bd-main" }, make("div", { class: "bd-content" }, column)));
  document.documentElement.dataset.theme = "light";
  await document.fonts.ready;
  // Chromium makes the outline from the lines that it draws, without the spaces between them: a title has one line.
  for (const heading of column.querySelectorAll("h1, h2, h3")) {
    heading.style.whiteSpace = "nowrap";
    const wide = heading.scrollWidth / (0.97 * column.clientWidth);
    heading.style.fontSize = parseFloat(getComputedStyle(heading).fontSize) / Math.max(1, wide) + "px";
  }
  await Promise.all([...document.images].map((image) => image.decode()));
}

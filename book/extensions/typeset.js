// Sets the equations of HTML files once, with MathJax, as a browser would at every visit. `s2s_equations.py` starts it:
//
//   node typeset.js MATHJAX STYLESHEET FONTS < {"files": [...]}
//
// Each element of class `math` that holds \( ... \) or \[ ... \] holds the drawn equation afterwards, with its MathML for
// screen readers; STYLESHEET becomes what all of them need, and every file with an equation is linked to it. FONTS is the way
// from there to MathJax's fonts. What cannot be drawn is said on standard error, and the status is 1.
"use strict";
const fs = require("fs"), path = require("path");
const [mathjax, stylesheet, fontURL] = process.argv.slice(2);
const METRICS = { em: 16, ex: 7.2, containerWidth: 1280 };
const EQUATION = /<(span|div) (class="(?:[\w-]+ )*math notranslate nohighlight"[^>]*)>\s*(\\\(|\\\[)([\s\S]*?)(?:\\\)|\\\])\s*<\/\1>/g;
const CHARACTERS = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#x27;": "'", "&amp;": "&" };

function link(file) {
  const way = path.relative(path.dirname(file), stylesheet).split(path.sep).join("/");
  return `<link rel="stylesheet" type="text/css" href="${way}" />\n`;
}

require(path.join(mathjax, "es5/node-main.js")).init({
  loader: { load: ["input/tex", "output/chtml", "a11y/assistive-mml"] },
  tex: { packages: { "[-]": ["noundefined"] } }, // which would draw the name of an unknown command
  chtml: { fontURL, adaptiveCSS: true },
}).then((MathJax) => {
  const { files } = JSON.parse(fs.readFileSync(0, "utf8")), adaptor = MathJax.startup.adaptor, wrong = [];
  for (const file of files) {
    let equations = 0;
    const html = fs.readFileSync(file, "utf8").replace(EQUATION, (whole, element, attributes, open, tex) => {
      const source = tex.replace(/&(lt|gt|quot|#39|#x27|amp);/g, (entity) => CHARACTERS[entity]);
      const drawn = adaptor.outerHTML(MathJax.tex2chtml(source, { display: open === "\\[", ...METRICS }));
      const problem = /data-mjx-error="([^"]*)"/.exec(drawn);
      if (problem) wrong.push(`${file}: ${problem[1]}: ${source.trim()}`);
      equations += 1;
      // MathJax asks a page for the height of a numbered row, and here is no page: the row takes its own.
      return `<${element} ${attributes}>${drawn.replace(' style="height: NaNem;"', "")}</${element}>`;
    });
    if (equations) fs.writeFileSync(file, html.replace("</head>", () => link(file) + "</head>"));
  }
  fs.writeFileSync(stylesheet, adaptor.textContent(MathJax.chtmlStylesheet()));
  if (wrong.length) console.error(wrong.join("\n"));
  process.exitCode = wrong.length ? 1 : 0;
}).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

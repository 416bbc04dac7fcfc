"""A book of two chapters with a glossary, small enough to be built in a second."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nbformat
from places import ROOT
from sphinx.application import Sphinx

sys.path.insert(0, str(ROOT / "book/extensions"))

ENTRIES = """
- group: Text and more
  terms:
    - term: mask
      text: A table.
      chapter: 1
      symbol: m_j
      code: [src_mask, tgt_mask]
      vi: mặt nạ
      zh: 掩码
      hant: 遮罩
      ko: 마스크
    - {term: attention, text: A way to look back through a mask., chapter: 2, vi: chú ý, zh: 注意力, ko: 어텐션}
    - {term: attention weight, text: A share of attention., chapter: 2, vi: trọng số, zh: 权重, ko: 가중치}
    - {term: key, forms: ["**keys**"], since: 2, text: What is asked., chapter: 2, vi: khóa, zh: 键, ko: 키}
    - {term: softmax, text: A function., chapter: 9, vi: hàm softmax, zh: softmax 函数, ko: 소프트맥스}
"""
FIRST_CHAPTER = [
    "# A mask in a heading\n\nNo `mask` in code, no $mask$, no [mask](02_second.md) in a link. The **keys** are others.",
    "![A mask](x.png)\n\n*A mask* is quoted, *masks* is spoken of; one more mask.",
]
SECOND_CHAPTER = """# Attention

| attention weight |
|---|
| an Attention weight |

Two *attention
weights* again.

- Every **key** differs from the **keys**. Attention "masks" softmax.
"""


def build(folder: Path) -> Path:
    """Write the book into a folder and build its site; return the site's folder."""
    for name in ("book", "chapters", "static"):
        (folder / name).mkdir()
    for name in ("glossary.css", "glossary.js"):
        shutil.copy(ROOT / "book/static" / name, folder / "static")
    (folder / "book/glossary.yml").write_text(ENTRIES, encoding="utf-8")
    (folder / "book/glossary.md").write_text("# Glossary\n\n```{s2s-glossary}\n```\n")
    (folder / "book/other.md").write_text("# Other\n\nAttention and a mask.\n")
    (folder / "index.md").write_text(
        "# Book\n\n```{toctree}\n:glob:\n\nchapters/*\nbook/*\n```\n\nA mask.\n"
    )
    nbformat.write(first_chapter(), folder / "chapters/01_first.ipynb")
    (folder / "chapters/02_second.md").write_text(SECOND_CHAPTER, encoding="utf-8")
    settings = {
        "extensions": ["myst_nb", "s2s_glossary"],
        "nb_execution_mode": "off",
        "myst_enable_extensions": ["dollarmath"],
        "html_theme": "basic",
        "html_static_path": ["static"],
    }
    site = folder / "_build"
    Sphinx(folder, None, site, site / ".doctrees", "html", settings, status=None).build()
    return site


def first_chapter() -> nbformat.NotebookNode:
    """A notebook whose code and output speak of a mask too."""
    output = nbformat.v4.new_output("stream", text="a mask printed")
    code = nbformat.v4.new_code_cell("mask = 1  # the mask", outputs=[output], execution_count=1)
    before, after = map(nbformat.v4.new_markdown_cell, FIRST_CHAPTER)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return nbformat.v4.new_notebook(cells=[before, code, after], metadata=kernel)

"""Where scripts are off, a live box shows a picture of itself that has answered; where they are on, it keeps its room.

`tools/picture_boxes.py` takes the pictures and measures the rooms.
"""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

BOX = re.compile(r'(<div class="s2s-box" id="([\w-]+)"[^>]*>)(.*?)(</div>)', re.DOTALL)


def png_size(path: Path) -> tuple[int, int]:
    """Return width and height, which a PNG says in its first bytes."""
    return struct.unpack(">II", path.read_bytes()[16:24])


def pictured(html: str, pictures: Path, root: str) -> str:
    """Put the picture of each box behind what the page says in its place, and say how high the box will be.

    Args:
        html: the page.
        pictures: the folder of the pictures, named as the boxes are.
        root: the way from the page to the site's root, such as ``../``.
    """
    rooms = json.loads((pictures / "heights.json").read_text(encoding="utf-8"))

    def change(match: re.Match) -> str:
        start, name, said, end = match.groups()
        path = pictures / f"{name}.png"
        if not path.is_file():
            return match[0]
        width, height = png_size(path)
        picture = f'<img src="{root}_static/boxes/{name}.png" width="{width}" height="{height}" '
        picture += 'loading="lazy" alt="The box, after it has answered.">'
        room = " ".join(f"--s2s-{size}: {high}px;" for size, high in rooms[name].items())
        start = f'{start[:-1]} style="{room}">'
        return f"{start}{said}<noscript>{picture}</noscript>{end}"

    return BOX.sub(change, html)


def add_pictures(app, pagename, templatename, context, doctree) -> None:
    """Do so with the body of a page."""
    if context.get("body"):
        pictures = Path(app.srcdir, "book/static/boxes")
        context["body"] = pictured(context["body"], pictures, "../" * pagename.count("/"))


def setup(app) -> dict[str, bool]:
    """Connect the function above."""
    app.connect("html-page-context", add_pictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

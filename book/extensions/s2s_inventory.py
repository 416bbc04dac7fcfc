"""The concepts of the inventory as the page *A concept inventory* lists them, from what the items are made of.

    ```{s2s-inventory}
    ```

so that the page and the items cannot say two things.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from assignments.inventory import concepts
from assignments.inventory.concept import Concept


def entries(listed: Sequence[Concept] = concepts.CONCEPTS) -> list[str]:
    """Lines of Markdown: each concept, the beliefs that its wrong choices stand for, the section that mends them."""
    lines = []
    for number, concept in enumerate(listed, start=1):
        lines += [f"{number}. **{concept.says}** Mended in {concept.link()}.", ""]
        lines += [f"    - {wrong.belief}" for wrong in concept.wrong.values()]
        lines.append("")
    return lines


class Inventory(Directive):
    """The directive."""

    def run(self) -> list[nodes.Node]:
        """Write the list as Markdown and let MyST read it."""
        for path in Path(concepts.__file__).parent.glob("*.py"):
            self.state.document.settings.env.note_dependency(str(path))
        node = nodes.container()
        self.state.nested_parse(StringList(entries()), self.content_offset, node)
        return node.children


def setup(app) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("s2s-inventory", Inventory)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

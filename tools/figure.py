"""What a figure that is given out is called, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A figure of a chapter: its name, its caption, and what is seen on it in words."""

    chapter: str
    name: str
    caption: str
    alt: str

    @property
    def file(self) -> str:
        """The name of its files, without ending."""
        return f"{self.chapter.replace('_', '-')}-{self.name.removeprefix('fig-')}"

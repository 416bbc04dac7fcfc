"""Every page's footer says of which version and commit it is; a release's book is told apart from main's."""

from __future__ import annotations

import subprocess
from pathlib import Path

from s2s_tutorial import __version__


def commit_of(folder: Path) -> str:
    """Return the commit of a working tree, empty where git does not know it."""
    asked = ["git", "rev-parse", "--verify", "HEAD"]
    try:
        answer = subprocess.run(asked, cwd=folder, capture_output=True, text=True)
    except OSError:  # no git here
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def line(version: str, ref: str, commit: str, repository: str) -> str:
    """Return the footer's line.

    >>> line("0.2.0", "v0.2.0", "0123456789", "https://github.com/o/n")
    '<p class="s2s-version">Version 0.2.0, commit <a href="https://github.com/o/n/commit/0123456789">0123456</a>.</p>'
    >>> line("0.2.0", "main", "", "https://github.com/o/n")
    '<p class="s2s-version">Work since version 0.2.0.</p>'
    """
    text = f"Version {version}" if ref == f"v{version}" else f"Work since version {version}"
    if commit:
        text += f', commit <a href="{repository}/commit/{commit}">{commit[:7]}</a>'
    return f'<p class="s2s-version">{text}.</p>'


def say_version(app, config) -> None:
    """Put the line below what `_config.yml` has for the footer."""
    options = config.html_theme_options
    commit = commit_of(Path(app.srcdir))
    said = line(
        __version__,
        options.get("repository_branch", ""),
        commit,
        options.get("repository_url", "").rstrip("/"),
    )
    options["extra_footer"] = options.get("extra_footer", "") + said
    config.version = config.release = __version__


def setup(app) -> dict:
    """Connect it."""
    app.connect("config-inited", say_version, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

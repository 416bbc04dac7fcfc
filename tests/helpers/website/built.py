"""The site that `make book` builds: where it lies, the path it is served under, its pages."""

from __future__ import annotations

from urllib.parse import urlparse

import yaml
from places import ROOT
from website.checks import list_pages

SITE = ROOT / "_build/html"
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
PREFIX = urlparse(CONFIG["html"]["baseurl"]).path
BUILT = (SITE / "searchindex.js").is_file()
PAGES = list_pages(SITE) if BUILT else []
CHAPTERS = [page for page in PAGES if page.startswith("chapters/")]
OTHERS = [page for page in PAGES if page not in CHAPTERS and page != "index.html"]

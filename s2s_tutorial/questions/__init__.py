"""Short questions in the path of reading, judged in the page. Open :mod:`ask` first, then ``chapters/01.json``."""

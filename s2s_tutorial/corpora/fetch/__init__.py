"""Files brought to this machine, checked and kept in a cache. Open :mod:`cache` first."""

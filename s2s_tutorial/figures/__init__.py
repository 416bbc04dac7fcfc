"""Arrays and tokens in, pictures out. Open :mod:`style` first."""

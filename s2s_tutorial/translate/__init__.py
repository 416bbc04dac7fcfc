"""Text in, text out. Open :mod:`translator` first."""

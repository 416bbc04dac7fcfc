"""Tests here, the student's functions there: two processes that exchange values as text. Open :mod:`remote` first."""

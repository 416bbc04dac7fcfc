"""Encoders, decoders, and the systems of the book by name.

Open :mod:`encoder` first, then :mod:`decoder` and :mod:`bahdanau`.
"""

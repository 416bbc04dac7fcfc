"""What every other folder needs: checks of what a person passes in, files written whole or not at all.

Open :mod:`checks` first.
"""

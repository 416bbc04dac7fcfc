"""Where a model computes, and in which numbers. Open :mod:`device` first."""

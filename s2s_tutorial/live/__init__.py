"""Models that leave Python: written for other runtimes. Open :mod:`onnx` first."""

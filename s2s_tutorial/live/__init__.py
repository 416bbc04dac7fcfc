"""Models that run where Python does not: in a page, or in ONNX. Open :mod:`web` first, then ``js/model.js``."""

"""One file format for models and what belongs to them: safetensors with JSON. Open :mod:`checkpoint` first."""

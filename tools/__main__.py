"""What `make` does, without make: `python -m tools COMMAND [NAME=value ...]`.

    python -m tools help
    python -m tools grade SUBMISSIONS=downloads SEED=autumn-2027

The Makefile calls this; tools/commands.py holds the commands. Words of the form NAME=value are
settings, as on make's own command line: they go into the environment of all that is started.
"""

from __future__ import annotations

import os
import re
import sys

from tools.commands import COMMANDS


def main(words: list[str]) -> int:
    """Run the commands named in `words`, in their order, `help` if there is none."""
    settings = [word for word in words if re.match(r"[A-Z][A-Z_]*=", word)]
    names = [word for word in words if word not in settings] or ["help"]
    unknown = [name for name in names if name not in COMMANDS]
    if unknown:
        print(f"There is no command {unknown[0]!r}; `python -m tools help` lists them.")
        return 2
    os.environ.update(word.split("=", 1) for word in settings)
    try:
        for name in names:
            COMMANDS[name]()
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

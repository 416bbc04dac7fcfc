"""``python -m s2s_tutorial``: the command line, also under torchrun."""

from s2s_tutorial.cli import main

if __name__ == "__main__":
    main()

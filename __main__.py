"""`python -m guikou`: the command line."""

from guikou.adapters.cli import main

if __name__ == "__main__":
    main()

"""One file per command; click lives only here and in cli.py."""

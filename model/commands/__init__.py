"""The commands of `python -m model`, a module each; a command loads what it needs only once it runs."""

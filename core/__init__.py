"""The headless core: it knows no click and no textual."""

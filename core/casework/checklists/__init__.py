"""Checklists: how each step of a case stands by its records, and what officers record of it."""

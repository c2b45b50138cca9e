"""The widgets that every screen is made of; they know text and keys, never a case."""

"""Listings, records and text for terminals and files."""

"""The public contracts as JSON Schemas; `make schemas` writes them from the records."""

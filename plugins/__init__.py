"""The bundled departments, registered through the same entry points as anybody's."""

"""The screens, each a file beside its style; they call core/casework and show what it returns."""

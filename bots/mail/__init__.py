"""E-mail: sending alone. Nothing is read from it."""

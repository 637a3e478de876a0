"""Ink as others write it, to and from the strokes of our contract: pure functions, one module a format."""

"""The official datasets of handwritten characters, read from their own files."""

"""Accuracy and speed, measured through the code that serves."""

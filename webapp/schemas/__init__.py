"""The only truth about the JSON: what a request may hold, and what an answer and a problem hold.

They validate, and `webapp/openapi.py` makes the published document of them. Validation is strict (no booleans or
strings for numbers, no unknown fields) and runs in the compiled core of pydantic, column by column; only what spans
several values is checked here, once for each stroke.
"""

"""Reading handwriting: the run-time reader, its training and its benchmarks. Knows nothing of HTTP."""

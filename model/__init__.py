"""Reading handwriting: the run-time reader, its training and its benchmarks. Knows nothing of HTTP."""

import os

# Before NumPy is loaded: matrices here are small, and its threads wait for each other where several readings go on; two
# workers of two threads each read a third of what they read with one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

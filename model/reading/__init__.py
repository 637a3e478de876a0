"""Run-time reading: NumPy, OpenCV and the LiteRT interpreter; never TensorFlow, Keras or Flask.

One way through: Ink → cuts → glyphs → log-probabilities → Reading. Each module imports only what stands before it.
"""

"""Training in Keras: data, synthesis, augmentation, architectures, training, calibration, evaluation, export."""

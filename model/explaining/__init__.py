"""Why a drawing was read as it was: stands after reading and computes no score of its own."""

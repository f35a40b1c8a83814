"""Evaluation: predictions, loss and accuracy, answers example by example and over a plane, and the history of a run."""

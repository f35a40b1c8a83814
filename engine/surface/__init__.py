"""The loss over a plane through weight space, and the path of a run over it."""

"""How fast Backscope is, beside PyTorch, plain NumPy and the matrix products alone: ``python -m bench``."""

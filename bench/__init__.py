"""Benchmarks of Backscope against PyTorch, plain NumPy and the matrix products alone: ``python -m bench``."""

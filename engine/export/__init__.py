"""An experiment as a program that stands alone: in plain NumPy, in PyTorch, and as a notebook of both."""

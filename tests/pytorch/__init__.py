"""Tests against PyTorch itself: ``make test-pytorch``."""

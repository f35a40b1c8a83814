"""Recorded runs: proven, and rebuilt as experiments."""

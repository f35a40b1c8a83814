"""Homework: somebody's program, run in a process of its own within limits, and what is said of it."""

"""Backscope in a notebook: the page in the output of a cell, and its run in the notebook's kernel."""

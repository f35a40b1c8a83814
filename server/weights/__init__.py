"""Weights of other programs: their files, what the arrays in them are, and the checkpoint that is made of them."""

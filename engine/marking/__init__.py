"""Marking: is a program's training step right, and if not, which mistake gives the same numbers?"""

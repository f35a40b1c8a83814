"""Lessons: files of prose that drive a run, their reading and checking."""

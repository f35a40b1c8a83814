"""Tests of static/ask."""

"""Tests of static/inspector."""

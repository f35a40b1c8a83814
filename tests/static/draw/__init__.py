"""Tests of static/draw."""

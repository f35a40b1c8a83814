"""Tests of static/lessons."""

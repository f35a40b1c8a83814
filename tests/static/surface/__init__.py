"""Tests of static/surface."""

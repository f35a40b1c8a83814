"""Tests of static/plane."""

"""Tests of static/map."""

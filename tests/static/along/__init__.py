"""Tests of static/along."""

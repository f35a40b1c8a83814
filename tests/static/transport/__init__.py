"""Tests of static/transport."""

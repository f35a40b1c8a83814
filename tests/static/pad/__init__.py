"""Tests of static/pad."""

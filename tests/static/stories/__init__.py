"""Tests of static/stories."""

"""Tests of static/base."""

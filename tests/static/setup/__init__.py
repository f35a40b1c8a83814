"""Tests of static/setup."""

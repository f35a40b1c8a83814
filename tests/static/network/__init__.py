"""Tests of static/network."""

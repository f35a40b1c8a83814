"""Tests of engine/experiment."""

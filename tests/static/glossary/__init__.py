"""Tests of static/glossary."""

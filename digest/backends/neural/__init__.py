"""Backends that ask a model: one way to write, several ways to generate."""

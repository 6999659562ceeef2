"""Scores any digest. Always imported as `from eval.x import y`: `eval` is a builtin."""

"""Figures recomputed: they agree to the last digit, and every planted falsehood is told, named and refused."""

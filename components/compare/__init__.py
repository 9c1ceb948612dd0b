"""Kept videos side by side, in step."""

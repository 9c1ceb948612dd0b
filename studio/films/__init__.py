"""Kept videos worked on: a frame to go on from, the chain of a video, and what differs between tasks."""

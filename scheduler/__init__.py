"""Slots for meetings."""

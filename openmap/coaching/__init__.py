"""Coaching of the structures that will pitch: sessions, places, bookings, reminders and notes."""

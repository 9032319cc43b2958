"""The exhibition beside the meetings: partners' stands on a plan, opening hours and contacts."""

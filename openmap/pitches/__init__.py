"""The call for pitches of a morning, and the files of those who apply."""

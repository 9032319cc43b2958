"""Why a request got no meeting: told to both sides, slot by slot, from what is published."""

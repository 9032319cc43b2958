"""Who takes part in a morning: approval, desks, and the slots they cannot do."""

"""Who takes part in a morning, searched and filtered, with the reason why each may interest the reader."""

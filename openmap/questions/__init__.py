"""Questions that organisers ask participants, and the answers: one set a morning and purpose."""

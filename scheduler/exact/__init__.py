"""What only search can prove: the CP-SAT model, its rules and levels, and conflicts."""

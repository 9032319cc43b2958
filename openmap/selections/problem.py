"""The door to the scheduler's selection: a call's files become its question, its answer becomes a proposal."""

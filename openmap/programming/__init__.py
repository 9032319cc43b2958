"""The organiser arranges the programme, and sees what each change costs in meetings before confirming it."""

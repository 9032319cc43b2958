"""A whole morning from files: one event.json and three CSV files, imported all or not at all.

It stands above events, registrations and meeting requests, whose rows it writes.
"""

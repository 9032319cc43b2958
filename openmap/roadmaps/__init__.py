"""What public buyers plan to buy over the next 12 to 18 months: roadmaps, their needs, and who follows them."""

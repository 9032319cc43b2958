"""One participant's programme: page, print, file and feed."""

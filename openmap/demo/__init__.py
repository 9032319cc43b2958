"""A demonstration: two real mornings, on 2 November 2017 at nine, one published and one open for requests."""

"""Comparisons too long for every run; the last result of each is kept beside the documents."""

"""Sizes of files, functions and folders, and circles between rooms; `make measure` prints them."""

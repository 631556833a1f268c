"""A demo winery, Larkspur Ridge, and the guided tour through everything Cellarhand does for it."""

"""What order sync costs, and how fast and how fairly it goes: the parts of `benchmarks/order_sync.py`."""

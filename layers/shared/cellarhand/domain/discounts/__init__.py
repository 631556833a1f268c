"""The discount engine: a winery's rules in, a price that explains itself out. See docs/discounts.md."""

"""Who may import whom. `test_architecture.py` fails on an import that is not here, and on a line here that
no import uses.

Read it as "left may import right". Modules directly in a layer's folder, such as `domain/records.py`, are
the ground of that layer: each of its rooms may import them, and they import no room.
"""

LAYERS = {
    "functions": {"triggers", "http", "bootstrap", "observability", "adapters.system"},
    "triggers": {"bootstrap", "ports", "domain", "observability"},
    "http": {"bootstrap", "use_cases", "ports", "domain", "observability", "adapters.system"},
    "bootstrap": {
        "use_cases",
        "ports",
        "domain",
        "adapters",
        "adapters.system",
        "config",
        "observability",
    },
    "use_cases": {"ports", "domain"},
    "adapters": {"ports", "domain", "config"},
    "adapters.system": set[str](),
    "observability": {"domain", "adapters.system"},
    "config": {"domain"},
    "ports": {"domain"},
    "domain": set[str](),
}
"""`adapters.system`: the clock, randomness and what Lambda hands in, which need no wiring."""

DOMAIN_ROOMS = {
    "reliability": set[str](),
    "tenants": {"reliability"},
    "customers": {"reliability", "tenants"},
    "booking": {"tenants", "customers"},
    "discounts": {"customers", "booking", "discounts/schema"},
    "discounts/schema": {"tenants", "booking"},
    "discounts/engine": {"tenants", "customers", "booking", "discounts", "discounts/schema"},
    "discounts/validation": {"tenants", "discounts/schema", "discounts/engine"},
    "discounts/quotes": {"tenants", "customers", "booking", "discounts", "discounts/engine"},
    "discounts/simulation": {"customers", "booking", "discounts", "discounts/schema"},
    "invitations": {"tenants", "customers", "discounts/schema"},
    "orders": {"tenants", "customers", "booking"},
    "reservations": {"reliability", "tenants", "customers", "booking", "discounts", "orders"},
    "adjustments": {"booking", "orders", "reservations"},
    "order_sync": {"reliability", "tenants", "booking", "reservations"},
    "reconciliation": {
        "reliability",
        "tenants",
        "booking",
        "orders",
        "reservations",
        "adjustments",
        "order_sync",
    },
}

USE_CASE_ROOMS = {
    "crm": set[str](),
    "tenants": {"crm"},
    "ledger": {"crm", "tenants"},
    "customers": {"crm", "tenants"},
    "discounts": {"crm", "tenants", "ledger", "customers"},
    "discounts/simulation": {"tenants", "ledger", "customers", "discounts"},
    "invitations": {"crm", "tenants", "ledger", "discounts"},
    "guest_upsert": {"crm", "tenants", "ledger"},
    "reservations": {"crm", "tenants", "ledger", "guest_upsert", "invitations"},
    "adjustments": {"tenants"},
    "schedules": {"tenants"},
    "order_sync": {"crm", "tenants", "ledger"},
    "reconciliation": {"crm", "tenants", "ledger", "order_sync"},
}

ROOMS = {"domain": DOMAIN_ROOMS, "use_cases": USE_CASE_ROOMS}

"""What keeps work safe when a CRM, a clock or a process fails: breaker, lease, backoff, settle time."""

"""What keeps work safe when a CRM, a clock or a process fails: breaker, token bucket, lease, backoff, settle time."""

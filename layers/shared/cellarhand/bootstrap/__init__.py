"""The only place where ports meet adapters: one function per use case, wired from `outside()` on first use.

The functions stand in modules by what they are about. A use case is imported inside its function, so that
each Lambda loads only what it runs. Tests call `bootstrap.run_in(FakeOutside())` and then the handlers.
"""

from cellarhand.bootstrap.access import (
    access_keys,
    audit_trail,
    authenticate_caller,
    check_tenant,
    onboard_tenant,
)
from cellarhand.bootstrap.books import keep_books, reconcile
from cellarhand.bootstrap.customers import (
    customer_finder,
    evaluate_discounts,
    guarded_crm,
    invite_lists,
    limit_recognition,
    look_up_customer,
    policy_in_force,
    simulate_discounts,
    sync_crm_groups,
)
from cellarhand.bootstrap.order_sync import (
    adjustments,
    drain_sync_runs,
    preview_orders,
    reservation_worklist,
    staff_decisions,
    start_scheduled_run,
    start_sync_run,
    sync_run_history,
)
from cellarhand.bootstrap.outside import Outside, Process, once, outside, run_as, run_in
from cellarhand.bootstrap.reservations import (
    keep_reservation,
    retry_customer_upsert,
    retry_reservation,
    wake_guests,
)
from cellarhand.bootstrap.schedules import (
    apply_schedule,
    get_schedule,
    pause_schedule,
    put_schedule,
    resume_schedule,
    sweep_due_work,
)
from cellarhand.bootstrap.settings import (
    keep_measured_crm,
    read_discount_schema,
    tenant_settings,
    try_crm_login,
    write_discount_schema,
)

__all__ = [
    "Outside",
    "Process",
    "access_keys",
    "adjustments",
    "apply_schedule",
    "audit_trail",
    "authenticate_caller",
    "check_tenant",
    "customer_finder",
    "drain_sync_runs",
    "evaluate_discounts",
    "get_schedule",
    "guarded_crm",
    "invite_lists",
    "keep_books",
    "keep_measured_crm",
    "keep_reservation",
    "limit_recognition",
    "look_up_customer",
    "onboard_tenant",
    "once",
    "outside",
    "pause_schedule",
    "policy_in_force",
    "preview_orders",
    "put_schedule",
    "read_discount_schema",
    "reconcile",
    "reservation_worklist",
    "resume_schedule",
    "retry_customer_upsert",
    "retry_reservation",
    "run_as",
    "run_in",
    "simulate_discounts",
    "staff_decisions",
    "start_scheduled_run",
    "start_sync_run",
    "sweep_due_work",
    "sync_crm_groups",
    "sync_run_history",
    "tenant_settings",
    "try_crm_login",
    "wake_guests",
    "write_discount_schema",
]

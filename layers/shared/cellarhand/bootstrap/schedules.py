"""Wiring of the use cases that have to do with the clock."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.use_cases.schedules.apply_schedule import ApplySchedule
    from cellarhand.use_cases.schedules.manage_schedule import GetSchedule, PauseSchedule, PutSchedule
    from cellarhand.use_cases.schedules.sweep_due_work import SweepDueWork


@once
def apply_schedule(outside: Outside) -> "ApplySchedule":
    """For the stream of the settings table."""
    from cellarhand.use_cases.schedules.apply_schedule import ApplySchedule

    return ApplySchedule(outside.schedule_items, outside.settings, outside.schedules, outside.clock)


@once
def get_schedule(outside: Outside) -> "GetSchedule":
    """For `GET /v1/schedule`."""
    from cellarhand.use_cases.schedules.manage_schedule import GetSchedule

    return GetSchedule(outside.schedule_items, outside.settings, outside.clock)


@once
def put_schedule(outside: Outside) -> "PutSchedule":
    """For `PUT /v1/schedule`."""
    from cellarhand.use_cases.schedules.manage_schedule import PutSchedule

    return PutSchedule(outside.schedule_items, get_schedule())


@once
def pause_schedule(outside: Outside) -> "PauseSchedule":
    """For `POST /v1/schedule/pause`."""
    from cellarhand.use_cases.schedules.manage_schedule import PauseSchedule

    return PauseSchedule(outside.settings, get_schedule(), paused=True)


@once
def resume_schedule(outside: Outside) -> "PauseSchedule":
    """For `POST /v1/schedule/resume`."""
    from cellarhand.use_cases.schedules.manage_schedule import PauseSchedule

    return PauseSchedule(outside.settings, get_schedule(), paused=False)


@once
def sweep_due_work(outside: Outside) -> "SweepDueWork":
    """For the sweeper."""
    from cellarhand.use_cases.schedules.sweep_due_work import SweepDueWork

    return SweepDueWork(outside.ledger, outside.hints, outside.metrics, outside.clock)

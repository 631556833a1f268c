"""Support's config write: one item in the settings table is all that enables a sync schedule."""

from datetime import datetime, timedelta

from sandbox.winery.stack import LocalStack
from sandbox.winery.tour.visit import ZONE

_SOONEST = timedelta(seconds=20)
"""Long enough for the stream to reach the clock before the minute begins."""


def write_schedule(stack: LocalStack, tenant_id: str, *, enabled: bool) -> str:
    """Put the item, as `aws dynamodb put-item` would; answers its cron expression (the next full minute)."""
    at = datetime.now(ZONE) + _SOONEST + timedelta(minutes=1)
    expression = f"cron({at.minute} {at.hour} * * ? *)"
    item = {
        "pk": {"S": f"T#{tenant_id}"},
        "sk": {"S": "SCHEDULE#order_sync"},
        "enabled": {"BOOL": enabled},
        "expression": {"S": expression},
        "timezone": {"S": ZONE.key},
        "days_after_visit": {"N": "1"},
        "written_by": {"S": "support@example.com"},
    }
    stack.client("dynamodb").put_item(TableName=stack.outputs["SettingsTableName"], Item=item)
    return expression

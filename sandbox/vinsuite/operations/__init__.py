"""The operations of the service, a module per subject; `table` names them as callers do."""

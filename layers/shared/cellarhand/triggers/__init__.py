"""What invokes our functions besides HTTP routes: the authorizer, queues, schedules, a table's stream."""

"""The tables, in DynamoDB."""

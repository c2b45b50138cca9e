"""The acts of a case: functions that take an operator first and return records."""

"""Sources become facts, facts criteria, criteria one SQL statement and an explained report."""

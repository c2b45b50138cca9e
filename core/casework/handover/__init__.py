"""Moves referrals and answers between homes, and between a home and a department's own system."""

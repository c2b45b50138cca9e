"""What is printed for people, from records."""

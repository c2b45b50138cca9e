"""The clerk's screen: app, screens and widgets; it shows and calls what core/casework does.

No SQL, no rule and no business word lives here.
"""

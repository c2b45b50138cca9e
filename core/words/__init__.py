"""What codes are called in both languages, a module for each part of the work.

Sentences, documents and tables say these words; formats for programs keep the codes. A name that
a person types again (a source, a department, a step) stays as it is in a table too.
"""

"""The frozen catalogue as an OpenFisca country package: entities, parameters, variables.

OpenFisca knows no unknown, so an answer is a number: NO, UNKNOWN or YES in this order, which makes
"and" the smaller and "or" the larger of two; an amount is a pair of variables, `x` and `x_known`.
"""

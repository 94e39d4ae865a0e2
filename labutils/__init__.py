"""Small, readable helpers of the medlabs course: one module per week, plus data sets, plots and models.

Nothing heavy is imported here: ask for the module that you need, for example ``from labutils import imbalance``.
"""

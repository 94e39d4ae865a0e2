"""Two processes, one notebook: learner code on one side, checks on the other, plain data between them."""

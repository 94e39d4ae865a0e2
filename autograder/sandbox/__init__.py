"""A room without doors for a learner's process: own namespaces, own small disk, no network, no new processes, limits."""

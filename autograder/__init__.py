"""Build, grade and serve notebook weeks. Never imports a course."""

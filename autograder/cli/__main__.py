"""``python -m autograder.cli`` is ``medlabs`` where the script is not on PATH."""

from autograder.cli import main

main()

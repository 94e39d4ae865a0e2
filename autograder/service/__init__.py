"""The grading service: takes submissions over HTTP, keeps them, has them graded, and loses nothing.

``clock`` time that does not jump · ``blobs`` what was sent, written once · ``schema``, ``store`` submissions · ``jobs`` the
queue · ``desk`` grading in a worker · ``local``, ``cluster`` where workers are · ``dispatch`` the loop between them ·
``delivery`` the one writer to grade books · ``identity`` who asks · ``app`` the endpoints.
"""

"""Reading in a limited child process: a hostile file may kill the interpreter, and no ``except`` helps.

``python -m uploads.tabular.sandbox`` is the warm process: no Django, no settings, no credentials in its environment. It
forks one child a file, which reads under limits and sends typed chunks, rejects and counts through a socket to the
worker.
"""

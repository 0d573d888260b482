"""Where the header stands, and which lines are titles, totals or notes; in texts and in sheets.

Which row is the header: of a sheet ``sheet_header.py`` says it; of a text ``text_header.py`` by rules, and
``text_choice.py`` has the last word. All of them weigh a row by ``header_evidence.py``.
"""

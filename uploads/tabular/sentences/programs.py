"""What is said of lines as one program writes them, by the program."""

from typing import Final

PROGRAMS: Final = {
    "access_log": (
        "A web server's log: cells are separated by spaces, and the time between [ and ] is one cell. To read lines as"
        " they stand, name the delimiter."
    ),
    "exposition": (
        "Metrics as Prometheus reads them: each line has a name, its labels, a value, and sometimes a time. Lines that"
        " begin with # are no rows. To read lines as they stand, name the delimiter."
    ),
    "processes": (
        "A list of processes (ps, top): cells are separated by spaces, and the last one, the command, is the rest of"
        " the line. To read lines as they stand, name the delimiter."
    ),
    "units": (
        "A list of units (systemctl): cells are separated by spaces, and the last one, the description, is the rest of"
        " the line; the dots in front and the legend are left out. To read lines as they stand, name the delimiter."
    ),
    "entries": (
        "A list of files (ls -l): cells are separated by spaces, and the time and the name are one cell each. The names"
        " of the columns are those that the program has for them; a line “total” is no row. To read lines as they"
        " stand, name the delimiter."
    ),
    "tibble": (
        "A table as R prints it: the line of types (<chr> <dbl>) is no row, and columns are cut where all lines have"
        " spaces. Points behind numbers (120.) and backticks around names are left out. To read lines as they stand,"
        " name the delimiter."
    ),
    "stata": (
        "A list as Stata prints it: columns are cut between the bars where all lines have spaces; lines that only draw"
        " a rule (---) are no rows. To read lines as they stand, name the delimiter."
    ),
    "sections": (
        "A statement in sections (as Interactive Brokers writes it): the first cell of each line names its section, the"
        " second says what the line is. Each line “Header” begins a table; its two first cells are called “Section” and"
        " “Row”. To read lines as they stand, name the delimiter."
    ),
    "primavera": (
        "A project of Primavera (XER): each line %T begins a table, its line %F names the columns, and each line %R is"
        " a row. These marks, and tables without rows, are left out. To read lines as they stand, name the delimiter."
    ),
    "track": (
        "A track of a genome browser: its lines “track”, “browser” and those that begin with # are no rows, and the"
        " columns have the names of the format (BED, bedGraph, GFF). To read lines as they stand, name the delimiter."
    ),
    "tracks": (
        "Tracks of a genome browser: lines “track”, “browser” and those that begin with # are no rows, and the columns"
        " have the names of the format (BED, bedGraph, GFF); the last one, “track”, names the track of each row. To"
        " read lines as they stand, name the delimiter."
    ),
    "syslog": (
        "A system log: each line is a time, a host, a program, and a message, the rest of the line. Other lines are"
        " rejected. To read lines as they stand, name the delimiter."
    ),
    "levels": (
        "A log: each line is a time, a level (INFO, ERROR), and a message, the rest of the line. Other lines are"
        " rejected. To read lines as they stand, name the delimiter."
    ),
    "threads": (
        "A log: each line has a time, a level (INFO, ERROR), a thread, and a message, the rest of the line. Other lines"
        " are rejected. To read lines as they stand, name the delimiter."
    ),
    "timed": (
        "A log: each line is a time and a message, the rest of the line. Other lines are rejected. To read lines as"
        " they stand, name the delimiter."
    ),
    "key_values": (
        "Each line has names with their values (name=value): the names are the columns. A line with a name that the"
        " first 1,000 lines do not have is rejected. To read lines as they stand, name the delimiter."
    ),
    "arff": (
        "A file of Weka (ARFF): its lines @attribute name the columns; they and lines that begin with % are no rows. To"
        " read lines as they stand, name the delimiter."
    ),
    "eurostat": (
        "A download of Eurostat: commas separate the parts of its first column, tabs the others; spaces behind values"
        " are left out. To read lines as they stand, name the delimiter."
    ),
    "icd_order": (
        "An order file of ICD-10, whose columns have fixed places: number, code, whether it is billable (1) or a"
        " heading (0), and two names. To read lines as they stand, name the delimiter."
    ),
}

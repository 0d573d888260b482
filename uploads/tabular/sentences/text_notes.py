"""The sentences about the lines of a text and what stands around its rows; ``notes`` has all the others."""

from collections.abc import Callable, Mapping
from typing import Any

from uploads.tabular.notes import NoteKind
from uploads.tabular.sentences.programs import PROGRAMS
from uploads.tabular.sentences.row_places import places, plural, spans_in_words

type _Figures = Mapping[str, Any]

_COLUMNS_NAMED = 5
_SPACES = {
    "space": ("one or more spaces", "spaces"),
    "line_break": ("one or more line breaks", "line breaks"),
    "tab": ("one or more tabs", "tabs"),
    "no_break_space": ("one or more no-break spaces", "no-break spaces"),
    "other": ("white space", "white space"),
}
_OF_WINDOWS = ("cp125", "cp874")
_LINE_ENDS = {"pairs": "CR LF", "feeds": "LF", "returns": "CR"}


def _bad_bytes(figures: _Figures) -> str:
    if figures["count"] == 1:
        return (
            "Read as UTF-8, as letters are mostly written; 1 sign in it cannot be read, so a row that holds it is"
            " rejected."
        )
    return (
        f"Read as UTF-8, as letters are mostly written; {figures['count']:,} signs in it cannot be read, so rows that"
        " hold them are rejected."
    )


def _letters_lost(figures: _Figures) -> str:
    count = figures["count"]
    stands = "1 letter is" if count == 1 else f"{count:,} letters are"
    was = "It was" if count == 1 else "They were"
    if "row" not in figures:
        again = "save it as UTF-8 once more at its source"
        return f"{stands} “�” in the file itself. {was} lost before it came here: {again}."
    first = ", in the name of a column"
    if figures["row"]:
        first = f"; the first stands in {figures['unit']} {figures['row']:,} of “{figures['column']}”"
    return f"{stands} “�” in the file itself{first}. {was} lost before it came here: export it once more at its source."


def _names_undecoded(figures: _Figures) -> str:
    count, names = figures["count"], figures["names"]
    listed = ", ".join(f"“{name}”" for name in names)
    holds = "1 name of the header holds" if count == 1 else f"{count:,} names of the header hold"
    more = " and more" if count > len(names) else ""
    return f"{holds} letters that cannot be read ({listed}{more}). If letters look wrong, choose another encoding."


def _wide_encoding(figures: _Figures) -> str:
    return (
        f"Its letters are read as {figures['encoding'].upper()}, though nothing in the file says so: check that they"
        " look"
        " right."
    )


def _legacy(figures: _Figures) -> str:
    read = f"Its letters are not written as UTF-8; read as {_codec(figures['encoding'])}"
    if "signs" not in figures:
        return f"{read}, they make words."
    return f"{read}: check signs such as {_signs(figures)}." if figures["signs"] else f"{read}."


def _legacy_doubted(figures: _Figures) -> str:
    others = " or ".join(figures["others"])
    what = f"signs such as {_signs(figures)}" if figures.get("signs") else "letters"
    could_be = (
        f"Its letters are not written as UTF-8; read as {_codec(figures['encoding'])}, though it could also be {others}"
    )
    return f"{could_be}: choose that if {what} look wrong."


def _codec(name: str) -> str:
    """``Windows-1252 (cp1252)``: as people know it, and as options name it."""
    return f"Windows-{name.removeprefix('cp')} ({name})" if name.startswith(_OF_WINDOWS) else name


def _signs(figures: _Figures) -> str:
    return ", ".join(f"“{sign}”" for sign in figures["signs"])


def _line_ends(figures: _Figures) -> str:
    counts = ", ".join(f"{figures[key]:,} by {name}" for key, name in _LINE_ENDS.items() if figures[key])
    return (
        f"Lines end in several ways, as those of Windows (CR LF), Unix (LF) and old Macs (CR) do ({counts}); each of"
        " them ends a line."
    )


def _mark(figures: _Figures) -> str:
    return "a tab" if figures["delimiter"] == "\t" else f"“{figures['delimiter']}”"


def _uneven_lines(figures: _Figures) -> str:
    mark = _mark(figures)
    return (
        f"Cut at {mark}, lines have {figures['least']:,} to {figures['most']:,} cells, so each line is stored whole in "
        f"one column. To separate them, name {mark} as the delimiter, and choose what becomes of rows of other lengths."
    )


def _rows_fitted(figures: _Figures) -> str:
    count, was = figures["count"], "was" if figures["count"] == 1 else "were"
    if not figures["rest"]:
        return f"As you asked, {count:,} row{'s' * (count != 1)} with too few cells {was} filled with empty ones."
    rows = "1 row of another length" if count == 1 else f"{count:,} rows of other lengths"
    return (
        f"As you asked, {rows} {was} fitted: short ones have empty last cells, long ones the rest in the last column."
    )


def _printed_table(figures: _Figures) -> str:
    if figures.get("is_bare"):
        return (
            "A bar (|) at both ends of each row ends no cell. To have an empty column there, name “|” as the delimiter."
        )
    rules = "; lines that only draw a rule (----) are no rows" if figures["rules"] else ""
    told = figures.get("told", 0)
    counts = "counts" if told == 1 else "count"
    below = f"; {told:,} line{plural(told)} below it (“Indexes:” and the like) {counts} as blank" if told else ""
    keep = "both" if rules and not told else "all" if told else "them"
    return (
        f"A printed table: the spaces around its cells are left out{rules}{below}. To keep {keep}, name “|” as the"
        " delimiter."
    )


def _drawn_rules(figures: _Figures) -> str:
    spaced = "Cells are separated by spaces: any number in a row is one delimiter. " if figures["is_spaced"] else ""
    return f"{spaced}Lines that only draw a rule (----) are no rows. To keep them, name the delimiter."


def _ruled_columns(figures: _Figures) -> str:
    if figures["delimiter"] is not None:
        return f"Cells are separated by {_mark(figures)}; lines that only draw a rule (---) are no rows."
    return (
        "Columns are cut at the places that the line of dashes (---- ----) below the header shows; such lines are no "
        "rows. If columns are cut in the wrong place, name the delimiter."
    )


def _fixed_columns(figures: _Figures) -> str:
    rules = " Lines that only draw a rule (---) are no rows." if figures["rules"] else ""
    return (
        f"{figures['columns']:,} columns of fixed width: lines are cut where all rows have spaces.{rules} If columns "
        "are cut in the wrong place, name the delimiter."
    )


def _barred_columns(figures: _Figures) -> str:
    more, units = figures["more"], figures["units"][:_COLUMNS_NAMED]
    lines = " 1 line below the names is no row." if more == 1 else f" {more} lines below the names are no rows."
    named = f" Units: {'; '.join(units)}." if units else ""
    return (
        f"{figures['columns']:,} columns, cut below the bars of the header.{lines * bool(more)}{named} To read all"
        " lines as they stand, name the delimiter."
    )


def _comment_lines(figures: _Figures) -> str:
    parts = [f"Lines that begin with “{figures['mark']}” are comments and no rows."]
    if figures["is_named"]:
        parts.append("The names of the columns stand in one of them.")
    if figures["is_spaced"]:
        parts.append("Cells are separated by spaces: several in a row are one delimiter.")
    return f"{' '.join(parts)} To read all lines as they stand, name the delimiter."


def _last_cells_missing(figures: _Figures) -> str:
    columns = figures["columns"]
    shown = ", ".join(f"“{column}”" for column in columns[:_COLUMNS_NAMED])
    more = f" and {len(columns) - _COLUMNS_NAMED:,} more" if len(columns) > _COLUMNS_NAMED else ""
    if len(columns) == 1:
        return f"All rows end before the last column of the header, {shown}: it is empty."
    return f"All rows end before the last {len(columns):,} columns of the header, {shown}{more}: they are empty."


def _outer_spaces(figures: _Figures) -> str:
    parts = [_spaces_of(column, figures["unit"]) for column in figures["columns"]]
    if more := figures["more_columns"]:
        parts.append(f"such values stand in {more:,} more column{plural(more)}")
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    is_one = not more and sum(map(_values_of, figures["columns"])) == 1
    kept = "It is kept as it stands" if is_one else "They are kept as they stand"
    if all(column["only"] == _values_of(column) for column in figures["columns"]) and not more:
        are = "is" if is_one else "are"
        return f"{listed}. {kept}, and {are} not empty while the column is text; numbers and dates take them for empty."
    kinds = {kind for column in figures["columns"] for kind in column["kinds"]}
    what = "the line break" if kinds == {"line_break"} and not more else "spaces"
    numbers = " Columns of numbers and dates lose theirs." if what == "spaces" else ""
    return f"{listed}. {kept}: a value with {what} is not equal to one without.{numbers}"


def _spaces_of(column: _Figures, unit: str) -> str:
    """``3 values of “city” end with a space (lines 4, 7, 9)``"""
    count, s = _values_of(column), "s" * (_values_of(column) == 1)
    one, several = _SPACES[column["kinds"][0] if len(column["kinds"]) == 1 else "other"]
    if column["only"] == count:
        how = f"hold{s} nothing but {several}"
    elif column["end"] == count:
        how = f"end{s} with {one}"
    elif column["begin"] == count:
        how = f"begin{s} with {one}"
    elif column["both"] == count:
        how = f"begin{s} and end{s} with {one}"
    else:
        how = f"begin{s} or end{s} with {one}"
    where = places(unit, column["rows"], count)
    return f"{count:,} value{plural(count)} of “{column['label']}” {how} ({where})"


def _values_of(column: _Figures) -> int:
    return int(column["begin"] + column["end"] + column["both"] + column["only"])


def _blank_rows(figures: _Figures) -> str:
    unit, rules = figures["unit"], figures.get("rules", 0)  # older loads tell no rules apart
    count = figures["count"] - rules
    if rules:
        drawn = f"{rules:,} {unit}{plural(rules)} that only {'draws' if rules == 1 else 'draw'} a rule (----)"
        drawn = f"{drawn}: {spans_in_words(figures['rule_spans'], rules)}."
        return f"{drawn} {_blank_rows({**figures, 'count': count, 'rules': 0})}" if count else drawn
    if spaced := figures.get("spaced", 0):  # older loads tell no spaces apart
        hold = "holds" if spaced == 1 else "hold"
        rows = f"{spaced:,} {unit}{plural(spaced)} that {hold} nothing but spaces"
        rows = f"{rows}: {spans_in_words(figures['spaced_spans'], spaced)}."
        left = {**figures, "count": count - spaced, "spaced": 0}
        return f"{rows} {_blank_rows(left)}" if count > spaced else rows
    where = f": {spans_in_words(figures['spans'], count)}" if figures["spans"] else ""
    if figures.get("has_others"):  # older loads say nothing of them, nor of comments
        return f"{count:,} {unit}{plural(count)} that {'is' if count == 1 else 'are'} blank or no row{where}."
    or_comments = f" or comment{plural(count)}" if figures.get("has_comments") else ""
    return f"{count:,} blank {unit}{plural(count)}{or_comments}{where}."


def _controls_mended(figures: _Figures) -> str:
    count, marks = figures["count"], figures.get("marks", ())  # older loads have none
    shown = ", ".join(f"{number:,} “{mark}”" for mark, number in marks)
    more = " and others" if shown and sum(number for _, number in marks) < count else ""
    what = f": {shown}{more}" if shown else ""
    one = count == 1
    first = f", {'' if one else 'the first '}in line {line:,}," if (line := figures.get("line")) else ""
    return (
        f"{count:,} damaged character{plural(count)} (control codes){first} {'is' if one else 'are'} read as what"
        f" was meant, by Windows-1252{what}. To have {'it' if one else 'them'} as in the file, read"
        " the file again with the encoding utf-8."
    )


TEXT_SENTENCES: dict[NoteKind, str | Callable[[_Figures], str]] = {
    NoteKind.ENCODING_DOUBTED: (
        "Read as {encoding}, as you chose, although all of it could be UTF-8: check that its letters look right."
    ),
    NoteKind.BAD_BYTES: _bad_bytes,
    NoteKind.WIDE_ENCODING: _wide_encoding,
    NoteKind.SWITCHING_ENCODING: (
        "Its letters are read as {encoding}, an older way to write Chinese, Japanese or Korean: check that they look"
        " right."
    ),
    NoteKind.LEGACY_ENCODING: _legacy,
    NoteKind.LEGACY_ENCODING_DOUBTED: _legacy_doubted,
    NoteKind.CONTROLS_MENDED: _controls_mended,
    NoteKind.LETTERS_LOST: _letters_lost,
    NoteKind.LETTERS_TWICE: (
        "Letters were garbled before the file came, such as “{word}”, which means “{meant}”. They are kept as they"
        " stand in"
        " it: export it once more at its source, and choose UTF-8 in any program that opens it in between."
    ),
    NoteKind.NAMES_UNDECODED: _names_undecoded,
    NoteKind.LINE_ENDS: _line_ends,
    NoteKind.LINES_JOINED: (
        "Rows that line ends outside quotes had cut are put together again: a line with too few cells goes on in the "
        "next. If each line is a row, name the delimiter."
    ),
    NoteKind.UNEVEN_LINES: _uneven_lines,
    NoteKind.ROWS_FITTED: _rows_fitted,
    NoteKind.MARKS_INSIDE: (
        "Invisible marks (byte order marks) stand inside the text, as where files were put one behind the other: they"
        " are left out."
    ),
    NoteKind.LINES_IN_QUOTES: (
        "Each line stands in quotes as a whole; they were taken off to find the cells. If each line is one cell, "
        'name “"” as the quote.'
    ),
    NoteKind.LINES_END_WITH: (
        "Each line ends with “{mark}”, which is left out. If it separates cells, name it as the delimiter."
    ),
    NoteKind.PRINTED_TABLE: _printed_table,
    NoteKind.RULED_COLUMNS: _ruled_columns,
    NoteKind.FOLDED_ROWS: (
        "Each row stands in {lines} lines, as its header does, and is put together; its lines but the first, and those "
        "of dashes, count as blank. If each line is a row, name the delimiter."
    ),
    NoteKind.INDEX_NAME: (
        "Line 2 names the first column (“{name}”), as pandas prints it, and is part of the header. If it is a row, name"
        " the delimiter."
    ),
    NoteKind.WRAPPED_CELLS: lambda figures: (
        "A printed table: cells that go on in the next lines are put together, with a space between. A row ends "
        + ("at the rule below it" if figures["is_grid"] else "with a line without “+” at a bar")
        + "; its other lines, and the rules, count as blank. If each line is a row, name the delimiter."
    ),
    NoteKind.FIXED_COLUMNS: _fixed_columns,
    NoteKind.BARRED_COLUMNS: _barred_columns,
    NoteKind.WEB_LOG: (
        "A web server's log: its line #Fields names the columns, and other lines that begin with # are no rows. To "
        "keep them, name the delimiter."
    ),
    NoteKind.PROGRAM_FORM: lambda figures: PROGRAMS[figures["program"]],
    NoteKind.SYSSTAT: (
        "A report of sysstat (sar): cells are separated by spaces, and the times stand in a column “time”. Averages and"
        " restarts are no rows. To read lines as they stand, name the delimiter."
    ),
    NoteKind.VERTICAL_RECORDS: (
        "Each record has a line for each value, with its name in front: the names are the columns, and each record is "
        "one row. Its other lines count as blank. If each line is a row, name the delimiter."
    ),
    NoteKind.COMMENT_LINES: _comment_lines,
    NoteKind.MIXED_BLANKS: (
        "Cells are separated by tabs and spaces: any number in a row is one delimiter. If spaces belong to the cells, "
        "name the tab as the delimiter."
    ),
    NoteKind.DRAWN_RULES: _drawn_rules,
    NoteKind.LONG_DELIMITER: "Cells are separated by “{delimiter}”.",
    NoteKind.SPACES_AROUND: "Spaces beside delimiters belong to no cell; those inside quotes are kept.",
    NoteKind.EMPTY_APOSTROPHES: "Cells that hold nothing but two apostrophes ('') are empty.",
    NoteKind.FORMULA_TEXTS: (
        'Cells written as ="…", which keeps Excel from changing them, are read as what stands inside.'
    ),
    NoteKind.SPACES_BEHIND: "Lines end with spaces behind the last quote; they are no part of the cell.",
    NoteKind.RECORD_SEPARATORS: "Its rows end with the record separator of ASCII (0x1E); each counts as a line.",
    NoteKind.END_MARK: "The file ends with a mark ({mark}) that is no row.",
    NoteKind.LAST_CELLS_MISSING: _last_cells_missing,
    NoteKind.BLANK_ROWS: _blank_rows,
    NoteKind.OUTER_SPACES: _outer_spaces,
    NoteKind.OTHER_QUOTE: "Cells that stand between “{quote}” are stored without it.",
    NoteKind.QUOTES_ARE_TEXT: (
        'Quotes (") are kept as they stand: cells go on behind them, and none is in quotes as a whole. If they enclose'
        " cells, name the quote."
    ),
}

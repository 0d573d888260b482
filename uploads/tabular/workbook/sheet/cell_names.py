"""Names of cells: ``B7``."""


def cell_name(row: int, column: int) -> str:
    """``B7`` for row 6 and column 1, both counted from 0."""
    return f"{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """``B`` for column 1, counted from 0."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_number(letters: str) -> int:
    """1 for ``A``, 16,384 for ``XFD``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number

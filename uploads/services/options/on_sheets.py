"""The options that are about sheets alone: what of a sheet is read."""

from uploads.services.options.option import Option, OptionKind, Source
from uploads.services.options.parsing import parse_flag
from uploads.services.options.wording import flag_in_effect, yes_or_no

SHEETS = frozenset({Source.SHEETS, Source.ENCODED_SHEETS})

ON_SHEETS = (
    Option(
        name="visible_only",
        kind=OptionKind.YES,
        parse=parse_flag,
        words=yes_or_no("visible cells only", "with hidden rows and columns"),
        found_out="hidden rows and columns too",
        in_effect=flag_in_effect("visible_only"),
        help="Leave out the rows and columns that a sheet hides, by hand or by a filter.",
        label="Visible rows and columns only",
        hint="Leaves out what a sheet hides, by hand or by a filter",
        argument="--visible-only",
        applies_to=SHEETS,
    ),
    Option(
        name="fill_down",
        kind=OptionKind.YES,
        parse=parse_flag,
        words=yes_or_no("merged cells filled down", "merged cells as they are"),
        found_out="merged cells as they are",
        in_effect=flag_in_effect("fill_down"),
        help="Give each row the value of the merged cell that spans it.",
        label="Fill merged cells down",
        hint="Each row gets the value of the merged cell that spans it",
        argument="--fill-down",
        applies_to=SHEETS,
    ),
)

"""The reading options as the API takes them: beside a file in a form, and as JSON."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from uploads.services.options.catalogue import (
    OF_DATASETS,
    OPTIONS,
    READING_OPTIONS,
    parse_options,
)
from uploads.services.options.option import Option, OptionKind
from uploads.services.options.parsing import NO, YES

FLAG: dict[str, Any] = {"type": ["boolean", "string"], "enum": [True, False, *sorted({*YES, *NO, ""})]}
"""A box of a form, as browsers and programs send it; empty: nothing is said."""


def _property(option: Option) -> dict[str, Any]:
    """For forms."""
    if option.kind is OptionKind.YES:
        return {**FLAG, "enum": [*FLAG["enum"], option.find_out], "description": option.help}
    shape: dict[str, Any] = {"type": "string"}
    if option.kind is OptionKind.CHOICE and not option.is_open:
        shape["enum"] = [*(value for value, _ in option.choices), option.find_out]
    return {**shape, "description": option.help}


def _type(option: Option) -> Any:
    """For JSON."""
    if option.kind is OptionKind.WORDS:
        return list[str] | str | None
    if option.is_flag:
        return bool | str | None
    return int | str | None if option.is_number_too else str | None


def _fields(names: Iterable[str]) -> dict[str, Any]:
    return {name: (_type(OPTIONS[name]), Field(None, description=OPTIONS[name].help)) for name in names}


OPTION_PROPERTIES = {name: _property(option) for name, option in OPTIONS.items()}
"""For forms. Each may be ``auto``: to be found out, whatever the dataset remembers."""

if TYPE_CHECKING:

    class ReadingOptions(Schema):
        """The fields are those of the catalogue."""

    class ReadAgain(ReadingOptions):
        dataset: str | None

else:
    ReadingOptions = create_model(
        "ReadingOptions",
        __base__=type("Strict", (Schema,), {"model_config": ConfigDict(extra="forbid"), "__module__": __name__}),
        __doc__="How to read a file, or the later files of a dataset. `auto` has an option detected automatically.",
        **_fields(OF_DATASETS),
    )
    ReadAgain = create_model(
        "ReadAgain",
        __base__=ReadingOptions,
        __doc__="Options that are not named stay as they were.",
        **_fields(name for name in READING_OPTIONS if name not in OF_DATASETS),
        dataset=(
            str | None,
            Field(None, description="Dataset to join or to found; empty: the one of the same columns."),
        ),
    )


def said_options(said: ReadingOptions) -> dict[str, Any]:
    """The options that were named, as they are kept with a file. Raises ``BadOption``."""
    return parse_options({option: getattr(said, option, None) for option in READING_OPTIONS})

"""What staff say about a dataset, as it is taken in."""

import pytest

from uploads.services.cataloguing.about import (
    LONGEST_TAG,
    MOST_TAGS,
    About,
    read_contact,
    read_licence,
    read_tags,
    read_text,
    split_tags,
)
from uploads.services.cataloguing.licences import LICENCES, OTHER, licence_choices
from uploads.services.errors import BadParameter


def test_tags_are_small_letters_with_single_spaces_each_once() -> None:
    said = split_tags(" Energy;prices  2024,energy,\nÉlectricité,, e\u0301te\u0301 ، c++ ")
    assert read_tags(said) == ("energy", "prices 2024", "électricité", "été", "c++")
    assert read_tags(["हिन्दी", "日本"]) == ("हिन्दी", "日本")
    assert read_tags(split_tags("")) == ()


@pytest.mark.parametrize(
    "said",
    [["a" * (LONGEST_TAG + 1)], ['say "a"'], ["a\0b"], ["<b>"], ["a,b"], [f"t{n}" for n in range(MOST_TAGS + 1)]],
)
def test_what_is_no_tag_is_refused(said: list[str]) -> None:
    with pytest.raises(BadParameter) as refused:
        read_tags(said)
    assert refused.value.names == ("tags",)


def test_a_licence_is_one_of_the_table_however_its_letters_are_written() -> None:
    assert read_licence(" cc-by-4.0 ") == "CC-BY-4.0"
    assert (read_licence("OTHER"), read_licence("")) == (OTHER, "")
    with pytest.raises(BadParameter, match="There is no licence “MIT-ish” here"):
        read_licence("MIT-ish")


def test_every_licence_has_a_name_and_an_address_of_its_own() -> None:
    assert [name for name, _ in licence_choices()] == [*LICENCES, OTHER]
    assert len({licence.url for licence in LICENCES.values()}) == len(LICENCES)
    assert all(licence.url.startswith("https://") and licence.name for licence in LICENCES.values())


def test_names_and_addresses_of_what_is_said() -> None:
    known = About(licence="CC0-1.0")
    assert known.licence_url == "https://creativecommons.org/publicdomain/zero/1.0/"
    other = About(licence=OTHER, other_licence_url="https://example.org/terms", contact="data@example.org")
    assert (other.licence_name, other.licence_url) == ("Terms at example.org", "https://example.org/terms")
    assert other.contact_url == "mailto:data@example.org"
    assert About(contact="https://example.org/ask").contact_url == "https://example.org/ask"
    assert not About()
    assert (About().licence_name, About().licence_url, About().contact_url, About().facts) == ("", "", "", ())


@pytest.mark.parametrize("said", ["javascript:alert(1)", "data@", "ftp://example.org/x", "nobody", "a@b.org, c@d.org"])
def test_a_contact_is_an_e_mail_address_or_a_page(said: str) -> None:
    with pytest.raises(BadParameter, match="is neither an e-mail address nor that of a page"):
        read_contact(said)


def test_a_text_keeps_its_lines_and_nothing_that_cannot_be_shown() -> None:
    assert read_text(" One.\r\nTwo.\n", what="description", longest=100) == "One.\nTwo."
    for wrong in ("a\0", "a\ud800", "a" * 101):
        with pytest.raises(BadParameter) as refused:
            read_text(wrong, what="description", longest=100)
        assert refused.value.names == ("description",)

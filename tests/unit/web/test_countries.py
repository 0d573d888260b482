"""Which country a text names."""

import json
from pathlib import Path

import pytest

from uploads.web.charts.countries import LANGUAGES, WITHOUT_OUTLINE, _territories, countries_of

OUTLINES = Path(__file__).parents[3] / "static" / "vendor" / "world" / "countries.json"


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        pytest.param("DE|FR|UK|EL|XK", "DE FR GB GR XK", id="codes of two letters, those of Eurostat too"),
        pytest.param("DEU|USA|KOR|ROU", "DE US KR RO", id="codes of three letters"),
        pytest.param(
            "Germany|Viet Nam|Türkiye|Turkey|Ivory Coast", "DE VN TR TR CI", id="English names, older ones too"
        ),
        pytest.param(
            "Iran (Islamic Republic of)|Egypt, Arab Rep.|Korea, Rep.", "IR EG KR", id="United Nations, World Bank"
        ),
        pytest.param(
            "Bosnia and Herzegovina|St. Lucia|the gambia|Cote d'Ivoire", "BA LC GM CI", id="written another way"
        ),
        pytest.param("Deutschland|Österreich|France|日本|Франция", "DE AT FR JP FR", id="other languages"),
        pytest.param("Guinea|Guinea-Bissau|Niger|Nigeria|Congo|DR Congo", "GN GW NE NG CG CD", id="names within names"),
        pytest.param("EU|World|is|and|North|12||ZZ|Germany West", "- - - - - - - - -", id="none"),
    ],
)
def test_country_is_found_by_code_and_name(texts: str, codes: str) -> None:
    assert [code or "-" for code in countries_of(texts.split("|"))] == codes.split()


def test_other_languages_are_asked_only_where_they_are_named() -> None:
    assert countries_of(["Deutschland", "Germany"], languages=LANGUAGES[:1]) == (None, "DE")


def test_every_country_has_an_outline_or_is_known_to_have_none() -> None:
    drawn = {each["properties"]["name"] for each in json.loads(OUTLINES.read_text())["features"]}
    known = {code for code in _territories("en") if countries_of([code]) != (None,)}
    assert known == drawn | WITHOUT_OUTLINE

"""The licences that a dataset can have: the one closed table of them. The identifiers are SPDX’s where it has one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

OTHER = "other"
"""Terms that are none of these: the dataset has the address of its own."""
SPDX = "https://spdx.org/licenses/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Licence:
    """One that a dataset can have."""

    id: str
    name: str
    url: str
    """Of its text, for people. It also tells licences apart where machines compare them."""
    is_spdx: bool = True


def _creative_commons(terms: str, words: str) -> Licence:
    return Licence(
        id=f"CC-{terms.upper()}-4.0",
        name=f"Creative Commons {words} 4.0",
        url=f"https://creativecommons.org/licenses/{terms}/4.0/",
    )


LICENCES: Mapping[str, Licence] = {
    each.id: each
    for each in (
        Licence(
            id="CC0-1.0",
            name="Creative Commons Zero 1.0 (no rights reserved)",
            url="https://creativecommons.org/publicdomain/zero/1.0/",
        ),
        _creative_commons("by", "Attribution"),
        _creative_commons("by-sa", "Attribution, ShareAlike"),
        _creative_commons("by-nd", "Attribution, NoDerivatives"),
        _creative_commons("by-nc", "Attribution, NonCommercial"),
        _creative_commons("by-nc-sa", "Attribution, NonCommercial, ShareAlike"),
        _creative_commons("by-nc-nd", "Attribution, NonCommercial, NoDerivatives"),
        Licence(
            id="PDDL-1.0",
            name="Open Data Commons Public Domain Dedication 1.0",
            url="https://opendatacommons.org/licenses/pddl/1-0/",
        ),
        Licence(
            id="ODC-By-1.0",
            name="Open Data Commons Attribution 1.0",
            url="https://opendatacommons.org/licenses/by/1-0/",
        ),
        Licence(
            id="ODbL-1.0",
            name="Open Data Commons Open Database License 1.0",
            url="https://opendatacommons.org/licenses/odbl/1-0/",
        ),
        Licence(
            id="DL-DE-ZERO-2.0",
            name="Data licence Germany, zero 2.0",
            url="https://www.govdata.de/dl-de/zero-2-0",
        ),
        Licence(
            id="DL-DE-BY-2.0", name="Data licence Germany, attribution 2.0", url="https://www.govdata.de/dl-de/by-2-0"
        ),
        Licence(
            id="etalab-2.0",
            name="Licence Ouverte (Etalab) 2.0",
            url="https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        ),
        Licence(
            id="OGL-UK-3.0",
            name="Open Government Licence (United Kingdom) 3.0",
            url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        ),
        Licence(
            id="OGL-Canada-2.0",
            name="Open Government Licence (Canada) 2.0",
            url="https://open.canada.ca/en/open-government-licence-canada",
        ),
        Licence(
            id="NLOD-2.0",
            name="Norwegian Licence for Open Government Data 2.0",
            url="https://data.norge.no/nlod/en/2.0",
        ),
        Licence(
            id="US-PD",
            name="Public domain (work of the United States government)",
            url="https://www.usa.gov/government-works",
            is_spdx=False,
        ),
    )
}


def licence_choices() -> Iterator[tuple[str, str]]:
    """``("CC-BY-4.0", "Creative Commons Attribution 4.0")``, and that of other terms."""
    for licence in LICENCES.values():
        yield licence.id, licence.name
    yield OTHER, "Other terms, at an address of their own"

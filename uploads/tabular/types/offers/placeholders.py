"""Which words among figures may be offered as "no value": a heading or a name that strayed into a column is none."""

import re
from collections.abc import Collection

from uploads.tabular.types.blanks import NULL_LIKE

_SHORT = 3
"""Characters of a word that may stand for nothing where it is the only one of its column: ``nd``, ``hid``."""
_BETWEEN = re.compile(r"[\s.()\[\]<>{}*_/-]+")
"""What is written in one place and left out in another: ``k. A.``, ``k.A.``, ``(k.A.)``."""
_LISTED = """
    na nan nat null none nil void empty blank missing unknown unkn unk undefined undisclosed unavailable nr nd
    ns unspecified notavailable notapplicable notknown notreported notstated notgiven notspecified notrecorded
    nodata novalue noanswer noresponse noreply dk nk tbd tba tbc pending suppressed confidential withheld low
    redacted masked refused declined
    #na #div0! #value! #ref! #name? #num! #null! #nv #wert! #bezug!
    ka keineangabe keineangaben ohneangabe oa keinwert keinedaten unbekannt nichtbekannt fehlt fehlend
    entfällt entfaellt nichtverfügbar nichtvorhanden leer nb nv geheim
    nc nondisponible nonconnu inconnu inconnue nonrenseigné nonrenseignée sansobjet néant neant manquant vide
    sd sindato sindatos nodisponible desconocido nulo vacío vacio noaplica semdados nãodisponível ignorado
    nãoseaplica desconhecido nessuno nondisponibile sconosciuto mancante vuoto
    nvt onbekend nietbekend nietbeschikbaar geen leeg ukendt ikkeoplyst ukjent ikkeoppgitt mangler okänd
    saknas uppgiftsaknas tuntematon eitietoa puuttuu
    brak brakdanych bd nieznany neznámé neznámý chybí neuvedeno neuvedené nincs nincsadat ismeretlen lipsă
    lipsa necunoscut nipodatka nepoznato nema nemapodataka
    нд нетданных неизвестно отсутствует нет неуказано немає невідомо няма нямаданни άγνωστο yok bilinmiyor
    无 無 空 未知 不详 不詳 暂无 缺失 なし 不明 該当なし 未定 없음 해당없음 미상 tidakada khôngcó
    """
_EMPTY = frozenset(_LISTED.split())
"""In small letters, without what may stand between: English, errors of spreadsheet programs, German, French, Spanish to
Italian, Dutch to Finnish, Polish to Croatian, Russian to Turkish, Chinese to Vietnamese."""


def may_mean_nothing(word: str, *, words: Collection[str]) -> bool:
    """Whether a person may be asked to read ``word`` as empty; ``words``: all of its column, itself too.

    A sign without a letter, or one letter, is how statistics say that a figure isn't told. A word that nobody uses so
    is a value: the rows that hold it may be rejected, never emptied.
    """
    letters = sum(map(str.isalpha, word))
    if word in NULL_LIKE or letters <= 1 or _BETWEEN.sub("", word).casefold() in _EMPTY:
        return True
    return len(words) == 1 and len(word) <= _SHORT

"""The encoding is decided on all bytes, told nothing; a person's word goes before all evidence."""

import codecs
import itertools
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from uploads.tabular.encoding import text_facts
from uploads.tabular.encoding.choice import decide_encoding
from uploads.tabular.encoding.codec_names import known_codec
from uploads.tabular.encoding.text_facts import gather_facts, is_utf8
from uploads.tabular.errors import BadOption
from uploads.tabular.sentences.notes import sentences_of

TEXTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "French": (
        "Société générale d'été;Où êtes-vous; François Lefèvre à l'hôtel, où ça coûte 5 €",
        ("cp1252", "iso8859_15", "mac_roman"),
    ),
    "FrenchMin": ("name;city\nAnna;Orléans\nBob;Lyon", ("cp1252", "cp850", "mac_roman")),
    "German": (
        "Straße;Größe;Müller\nÖsterreich;für;schön;übrig\nJäger;Köln;Düsseldorf",
        ("cp1252", "cp850", "cp437", "mac_roman"),
    ),
    "Spanish": ("España;niño;mañana;¿Qué tal?;José García Pérez;Málaga", ("cp1252", "cp850", "mac_roman")),
    "Portuguese": ("São Paulo;João;coração;informação;Brasília;três", ("cp1252", "cp850", "mac_roman")),
    "Polish": (
        "Łódź;Kraków;Wrocław;Gdańsk;Poznań;Częstochowa;źrebię;święto;żółty;ćma",
        ("cp1250", "iso8859_2", "cp852"),
    ),
    "Czech": ("Příliš žluťoučký kůň;úpěl ďábelské ódy;České Budějovice;Třebíč;město", ("cp1250", "iso8859_2", "cp852")),
    "Hungarian": ("Győr;Székesfehérvár;tükörfúrógép;őszi;űrhajó", ("cp1250", "iso8859_2", "cp852")),
    "Romanian": ("Bucureşti;Iaşi;Constanţa;Timişoara;România;Târgu Mureş;băiat;înainte", ("cp1250", "iso8859_2")),
    "Russian": (
        "Москва;Санкт-Петербург;Иванов Иван;Екатеринбург;улица;Количество",
        ("cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic"),
    ),
    "RussianShort": ("имя;город\nИван;Москва", ("cp1251", "koi8_r", "cp866")),
    "Ukrainian": ("Київ;Україна;Львів;Єгипет;їжак;кількість", ("cp1251", "koi8_u")),
    "Bulgarian": ("София;Пловдив;Варна;Бургас;България;община", ("cp1251",)),
    "Greek": ("Αθήνα;Θεσσαλονίκη;Πάτρα;Ελλάδα;όνομα;πόλη;Ηράκλειο", ("cp1253", "iso8859_7")),
    "Turkish": ("İstanbul;Şanlıurfa;Diyarbakır;Muğla;çağ;ığdır;Eskişehir;güneş", ("cp1254", "iso8859_9")),
    "Lithuanian": ("Šiauliai;Panevėžys;Klaipėda;Kėdainiai;ąžuolas;įmonė;žmogus;ūkis;metų", ("cp1257",)),
    "Latvian": ("Rīga;Jūrmala;Rēzekne;Līvāni;Ķekava;ģimene;ļoti;ņemt;šķirne", ("cp1257",)),
    "Hebrew": ("ירושלים;תל אביב;חיפה;שם;עיר;רחוב", ("cp1255",)),
    "Arabic": ("القاهرة;الرياض;دمشق;الاسم;المدينة;العدد", ("cp1256",)),
    "Thai": ("กรุงเทพมหานคร;เชียงใหม่;ภูเก็ต;ชื่อ;จังหวัด;จำนวน", ("cp874",)),
    "Japanese": ("東京都;大阪府;名前;年齢;これはテストです;データ;株式会社", ("cp932", "euc_jp")),
    "JapaneseShort": ("名前,年齢\n太郎,25\n花子,30", ("cp932", "euc_jp")),
    "ChineseS": ("北京市;上海市;姓名;年龄;广东省深圳市;有限公司;我们的产品", ("gb18030",)),
    "ChineseShort": ("姓名,城市\n张伟,北京\n王芳,上海", ("gb18030",)),
    "ChineseT": ("台北市;高雄市;姓名;年齡;新竹縣;有限公司;我們的產品", ("big5hkscs",)),
    "Korean": ("서울특별시;부산광역시;이름;나이;김철수;박영희;주식회사", ("cp949",)),
    "KoreanShort": ("이름,나이\n김철수,25", ("cp949",)),
    "Danish": ("København;Århus;Ærø;smørrebrød;Øresund;på;år", ("cp1252", "cp850", "mac_roman")),
    "Swedish": ("Göteborg;Malmö;Åre;Växjö;Örebro;år;män", ("cp1252", "cp850", "cp437", "mac_roman")),
    "Icelandic": ("Reykjavík;Þingvellir;Ísafjörður;Egilsstaðir;Höfn;maður", ("cp1252",)),
    "Dash": ("6–19 employees;a\n20–49 employees;b", ("cp1252",)),
    "Quote": ("it’s;“quoted”;done\nO’Brien;x", ("cp1252", "mac_roman")),
    "Euro": ("price;5 €\nother;7 €", ("cp1252", "iso8859_15")),
    "Degree": ("temp;20 °C\nx;5 µg", ("cp1252",)),
    "Croatian": (
        "Đurđevac;Šibenik;Čakovec;Željko;Vukovarsko-srijemska županija;općina;Varaždin;Požega",
        ("cp1250", "iso8859_2", "cp852"),
    ),
    "nbsp": ("a;1\xa0000\nb;2\xa0500", ("cp1252", "cp850")),
    "Slovak": ("Košice;Žilina;Trenčín;Ľubľana;Stará Ľubovňa;Nové Zámky;obyvateľov", ("cp1250",)),
    "Pound": ("item;£5.00\nx;£7.50", ("cp1252",)),
    "Estonian": ("Tallinn;Võru;Põlva;Jõhvi;Pärnu;Žanna;tüdruk", ("cp1257", "cp1252")),
    "Space that holds words together": ("name;n\nLe\xa0Mans;1\nSaint\xa0Denis;2", ("cp1252",)),
    "Chinese with spaces of the web": ("人民\xa0;1\n\xa0中国;\xa02\n\xa0;3", ("gb18030",)),
    "One Hungarian town": ("town;n\nGyőr;1\nGyőr;2", ("cp1250",)),
    "One Czech word": ("město;1\nměsto;2", ("cp1250", "cp852")),
    "Czech and Hungarian": ("město;Győr;Žižka;Škoda", ("cp1250",)),
    "Danish and French": ("naïve;1\nÆrøskøbing;2", ("cp1252", "cp850")),
    "Italian": ("città;così;più;lunedì;però", ("cp1252",)),
    "Gaelic": ("Gàidhlig;sìth;mòr;Tìr nan Òg;ùr;Alba", ("cp1252",)),
    "Allcaps": ("MÜNCHEN;KÖLN;DÜSSELDORF;GÖTTINGEN", ("cp1252", "cp850")),
    "AllcapsRu": ("МОСКВА;САНКТ-ПЕТЕРБУРГ;НОВОСИБИРСК", ("cp1251", "cp866", "koi8_r")),
}


def decided(data: bytes, *, given: str | None = None, size: int = 1000) -> str:
    pieces = (data[i : i + size] for i in range(0, len(data), size))
    return decide_encoding(gather_facts(pieces), given=given).codec


@pytest.mark.parametrize(
    ("language", "codec"), [(language, codec) for language, (_, codecs) in TEXTS.items() for codec in codecs]
)
def test_legacy_text_reads_as_it_was_written(language: str, codec: str) -> None:
    data = TEXTS[language][0].encode(codec) + b"\n"

    assert data.decode(decided(data)) == TEXTS[language][0] + "\n"


@pytest.mark.parametrize("language", TEXTS)
def test_utf8_is_utf8_whatever_it_says(language: str) -> None:
    assert decided(TEXTS[language][0].encode()) == "utf-8"


@pytest.mark.parametrize(
    ("bom", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_mark_decides(bom: bytes, codec: str) -> None:
    assert decided(bom + "a;b\n1;é\n".encode(codec)) == codec


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_is_known_by_its_zeros(codec: str) -> None:
    assert decided("name;city\nZoë;Orléans\n".encode(codec)) == codec


def test_accent_in_the_last_kilobyte_of_a_large_file_decides() -> None:
    """Guessing from a sample: ckanext-xloader#174, superset#12916."""
    plain = b"id;name\n" + b"1;Ann\n" * 500_000

    assert decided(plain + "2;Zoë\n".encode("cp1252"), size=1 << 20) == "cp1252"
    assert decided(plain + "2;Zoë\n".encode(), size=1 << 20) == "utf-8"


@pytest.mark.parametrize("rows", [1, 3, 40_000])
@pytest.mark.parametrize("codec", ["gb18030", "big5", "cp932"])
def test_text_that_ends_in_the_middle_of_a_line_is_read_to_its_last_character(codec: str, rows: int) -> None:
    data = "\n".join(["北京市;上海市"] * rows).encode(codec)

    assert decided(data) in (codec, "big5hkscs")


def test_long_line_without_end_costs_its_length() -> None:
    """It cost the square of it: 4 s for 28 KB of Russian, which a browser's form can send in no time."""
    data = "имя;город\n".encode("cp1251") + "Москва;".encode("cp1251") * 40_000
    began = time.process_time()

    assert decided(data, size=1 << 20) == "cp1251"
    assert time.process_time() - began < 10  # it takes 0.1 s, and took minutes


def test_accent_in_a_last_line_without_end_decides() -> None:
    assert decided(b"a;b\n" * 100_000 + "Москва;город".encode("cp1251"), size=2**16) == "cp1251"


def test_few_broken_bytes_in_utf8_do_not_change_the_encoding() -> None:
    data = b"id;name\n" + "1;Zoë\n".encode() * 50 + b"2;Zo\xeb\n"
    encoding = decide_encoding(gather_facts([data]))

    assert encoding.codec == "utf-8"
    assert "1 sign in it cannot be read" in sentences_of(encoding.notes)[0]


def test_what_else_it_could_be_is_said() -> None:
    encoding = decide_encoding(gather_facts(["Köln;Müller\n".encode("cp1252")]))

    assert encoding.codec == "cp1252"
    assert sentences_of(encoding.notes)[0].startswith(
        "Its letters are not written as UTF-8; read as Windows-1252 (cp1252)"
    )


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        pytest.param("6–19 employees\n20–49 employees\n", ["–"], id="a dash"),
        pytest.param("it’s so: 6–9 – 7–8 – 9\nshe’s ok…\n", ["–", "’", "…"], id="the most frequent first"),
        pytest.param("Le\xa0Mans\n", [], id="a space that nobody sees"),
        pytest.param("6–19 employees of Köln\n", None, id="letters decide"),
    ],
)
def test_signs_that_no_letter_vouches_for_are_named(text: str, signs: list[str] | None) -> None:
    (note,) = decide_encoding(gather_facts([text.encode("cp1252")])).notes
    assert note.figures["encoding"] == "cp1252"
    assert note.figures.get("signs") == signs


def test_person_decides_before_evidence() -> None:
    assert decided("Zoë".encode(), given="latin-1") == "iso8859-1"


@pytest.mark.parametrize("name", ["klingon", "rot13", "hex", "base64", "", "utf-8\x00", "cp037", "cp1140"])
def test_name_that_is_no_text_encoding_is_refused(name: str) -> None:
    with pytest.raises(BadOption):
        known_codec(name)


@given(st.text(max_size=40), st.integers(1, 7))
@settings(max_examples=80, deadline=None)
def test_any_utf8_is_found_wherever_blocks_are_cut(text: str, size: int) -> None:
    data = text.encode("utf-8", "ignore")
    facts = gather_facts(bytes(piece) for piece in itertools.batched(data, size))

    assert facts.invalid == 0
    assert facts.size == len(data)
    assert facts.lines == len(data.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")) - (
        data.endswith((b"\n", b"\r")) or not data
    )


@given(
    st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "ignore")), st.integers(1, 7)
)
@settings(max_examples=50, deadline=None)
def test_letters_of_a_long_text_are_counted_aside(data: bytes, size: int) -> None:
    blocks = [bytes(piece) for piece in itertools.batched(data, size)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_facts, "_LONG", 3)
        aside = gather_facts(blocks)
    at_once = gather_facts(blocks)

    for facts in (aside, at_once):
        facts.histogram = facts.histogram.tolist()
    assert aside == at_once


@given(st.binary(max_size=60), st.integers(1, 7))
@settings(max_examples=80, deadline=None)
def test_bytes_that_are_no_utf8_are_counted_wherever_blocks_are_cut(data: bytes, size: int) -> None:
    whole = gather_facts([data])
    pieces = gather_facts(bytes(piece) for piece in itertools.batched(data, size))

    assert (whole.invalid, whole.characters, whole.lines) == (pieces.invalid, pieces.characters, pieces.lines)
    decide_encoding(whole)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"a\nb\n", "LF"),
        (b"a\r\nb\r\n", "CRLF"),
        (b"a\rb\rc", "CR"),
        (b"a\nb\rc\n", "mixed"),
        (b"a\r\nb\n", "mixed"),
        (b"a", ""),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 100])
def test_line_ends_are_counted_over_the_whole_text(data: bytes, name: str, size: int) -> None:
    assert gather_facts(data[i : i + size] for i in range(0, len(data), size)).line_end == name


def test_pieces_of_the_whole_text_are_kept_at_even_distances() -> None:
    blocks = [str(i).encode() * 1000 + b"\n" for i in range(100)]

    numbers = [piece[:2] for piece in gather_facts(blocks).samples]

    assert 4 < len(numbers) <= 8
    assert numbers[0] < b"10"
    assert numbers[-1] > b"80"


def test_place_of_a_backslash_before_a_quote_is_kept() -> None:
    plain = [b"1,x,2\n" * 10_000] * 50

    facts = gather_facts([*plain, b'1,"a \\"b\\" c",2\n', *plain])

    assert any(b'\\"' in piece for piece in facts.samples)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Ærøskøbing 0;order;Größe 2;naïve 3;Menge;Señor 6;naïve 7\n", "cp850"),
        ("Ærøskøbing 7;n\nnaïve;1\nGröße;2\nnaïve;3\n", "cp850"),
        (";;Größe\r;;Ærøskøbing\r;;naïve\r;;Señor\r;;Größe\r", "cp850"),
        ("广东省 3,北京市 4,上海市 5,人民 6\n中国,ÿ\x98ъ,上海市,é\n", "gb18030"),
    ],
)
def test_words_of_many_languages_and_rare_characters_decide(text: str, codec: str) -> None:
    assert decided(text.encode(codec)) == codec


def test_point_inside_catalan_words_is_a_letter_of_theirs() -> None:
    assert decided("col·lecció;paral·lel;il·lusió;mobilitat elèctrica\n".encode("cp1252")) == "cp1252"


@given(st.one_of(st.binary(max_size=12), st.text(max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass"))))
@example(b"\xed\xa0\x80")
@example(b"\xc0\x80")
@example(b"\xf4\x90\x80\x80")
@example(b"\xe2\x82")
def test_bytes_are_utf8_where_python_says_so(data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        assert not is_utf8(data)
    else:
        assert is_utf8(data)


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        pytest.param("þIDþ\x14þNAMEþ\r\nþ1þ\x14þMüllerþ\r\nþ2þ\x14þGrößeþ\r\n", "cp1252", "cp1252", id="German"),
        pytest.param("юIDю\x14юИМЯю\r\nю1ю\x14юИванюк Пётрю\r\n", "cp1251", "cp1251", id="Cyrillic"),
        pytest.param("no;ad\r\n1;Işık\r\n2;Çağrı ş\r\n", "cp1254", "cp1254", id="no quotes"),
    ],
)
def test_the_quotes_of_concordance_are_no_letters(text: str, codec: str, expected: str) -> None:
    assert decided(text.encode(codec)) == expected


@pytest.mark.parametrize(
    "text",
    ["name;n\nLego®Technic;1\n", "name;n\nBrand®X;1\nBrand™Y;2\n", "name;n\nnaïve;1\nLego®Technic;2\n"],
)
def test_a_sign_behind_a_name_is_no_letter_of_another_script(text: str) -> None:
    assert decide_encoding(gather_facts([text.encode("cp1252")])).codec == "cp1252"


def test_the_sign_that_concordance_writes_for_line_ends_is_no_letter() -> None:
    rows = b"\xfeID\xfe\x14\xfeNOTE\xfe\r\n\xfe1\xfe\x14\xfehi\xaethere\xfe\r\n"
    assert decide_encoding(gather_facts([rows])).codec == "cp1252"


CONCORDANCE = {
    "cp949": ["서울특별시 강남구", "부산 회의 일정", "인천 공항 담당자", "대전 연구소 방문", "수원 화성 자료"],
    "gb18030": ["北京市朝阳区", "合同审查意见", "广州机场负责人", "深圳研究所访问", "旅行费用"],
    "cp932": ["東京都港区", "会議の予定", "成田空港の担当者", "研究所の訪問", "旅行の費用"],
    "big5hkscs": ["臺北市信義區", "會議時間安排", "合約審查意見", "新竹研究所訪問", "旅行費用"],
    "cp866": ["Москва, область", "Встреча с директором", "Проверка договора", "Отчёт о поездке", "Новое письмо"],
    "cp1251": ["Москва, область", "Встреча с директором", "Проверка договора", "Отчёт о поездке", "Новое письмо"],
}


@pytest.mark.parametrize(
    ("codec", "line_end"), [*((codec, b"") for codec in CONCORDANCE), ("cp866", b"\xae"), ("cp1251", b"\xae")]
)
def test_halves_of_letters_are_no_line_ends_of_concordance(codec: str, line_end: bytes) -> None:
    cells = [text.encode(codec) + line_end for text in CONCORDANCE[codec]]
    rows = b"\xfeID\xfe\x14\xfeNOTE\xfe\r\n" + b"".join(b"\xfe1\xfe\x14\xfe%b\xfe\r\n" % cell for cell in cells)
    assert decide_encoding(gather_facts([rows])).codec == codec


@pytest.mark.parametrize(
    ("text", "codec"), [("имя;n\nоЛег;1\nПётр;2\n", "cp866"), ("jméno;n\nŘehoř;1\nJiří;2\n", "cp1250")]
)
def test_letters_beside_letters_of_their_own_script_stay(text: str, codec: str) -> None:
    assert decide_encoding(gather_facts([text.encode(codec)])).codec == codec


@pytest.mark.parametrize("text", ["£m;2019\nCosts;1\n", "name;Spend (£k)\nx;1\n", "year;€m\n2019;1\n", "x;£bn\n1;2\n"])
def test_a_currency_before_its_thousands_is_no_letter(text: str) -> None:
    assert decide_encoding(gather_facts([text.encode("cp1252")])).codec == "cp1252"


@pytest.mark.parametrize(
    "text", ["miasto;n\nŁódź;1\nŁomża;2\n", "imię;n\nŁukasz;1\nMłoda;2\n", "kod;n\nŁm;1\nżółw;2\n"]
)
def test_a_polish_letter_before_others_is_one(text: str) -> None:
    assert decide_encoding(gather_facts([text.encode("cp1250")])).codec == "cp1250"

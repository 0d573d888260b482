"""Which letters beyond ASCII each language writes: what tells one legacy encoding from another."""

LATIN: dict[str, str] = {
    "French": "àâæçèéêëîïôùûœ",
    "German": "äöüß",
    "Spanish": "áéíñóúü",
    "Portuguese": "àáâãçéêíóôõúü",
    "Italian": "àèéìòù",
    "Dutch": "éëïóöü",
    "Danish, Norwegian": "åæøéô",
    "Swedish, Finnish": "åäöé",
    "Icelandic": "áæéíðóöúýþ",
    "Catalan": "àçèéíïòóúü",
    "Irish": "áéíóú",
    "Maori": "āēīōū",
    "Polish": "óąćęłńśźż",
    "Czech, Slovak": "áäéíóôúýčďěĺľňŕřšťůž",
    "Hungarian": "áéíóöúüőű",
    "Romanian": "âîăşșţț",
    "Croatian, Slovene": "ćčđšž",
    "Turkish": "âçîöüğıışİ",
    "Lithuanian": "ąčėęįšūųž",
    "Latvian": "āčēģīķļņšūž",
    "Estonian": "äõöüšž",
}
"""Lower-case letters; an upper-case one counts like its lower-case form."""

PLACES: dict[tuple[str, str], str] = {
    ("Portuguese", "õ"): r".õe",
    ("Estonian", "õ"): r"[^cqwxyz]õ[^cqwxyz]",
    **dict.fromkeys((("Czech, Slovak", "ŕ"), ("Czech, Slovak", "ĺ")), r"[^aeiouyáéíóúý\W][ŕĺ][^aeiouyáéíóúý\W]"),
    **dict.fromkeys((("Italian", "ì"), ("Italian", "ò"), ("Italian", "ù"), ("French", "ù")), r".\w\W"),
    ("Italian", "è"): r".è\W",
    ("French", "è"): r".è[^aeiouy\W]",
    ("French", "â"): r".â\w",
    ("French", "ë"): r"[aeiou]ë.",
    ("French", "î"): r".î[^aeiouy\W]",
    ("French", "û"): r"[^aiuy\W]û[^aoiuy]",
    **dict.fromkeys(((name, "æ") for name in ("Danish, Norwegian", "Icelandic", "French")), r"[^io]æ."),
    ("Polish", "ź"): r"[aeiouyąęód\W]ź.",
    **dict.fromkeys(
        ((name, "č") for name in ("Czech, Slovak", "Croatian, Slovene", "Lithuanian", "Latvian")), r"[^qwx]č[^qwx]"
    ),
}
"""Where in a word a language writes a letter, as a pattern with the characters on both sides: in ``Gyõr`` and ``mìsto``
no language does, so they are ``Győr`` and ``město``."""

FOREIGN: dict[str, str] = {
    "French": "w",
    "Spanish": "kw",
    "Portuguese": "kwy",
    "Italian": "jkwxy",
    "Danish, Norwegian": "qwx",
    "Swedish, Finnish": "q",
    "Icelandic": "cqwz",
    "Catalan": "kw",
    "Irish": "jkqvwxyz",
    "Maori": "bcdfjlqsvxyz",
    "Polish": "qvx",
    "Czech, Slovak": "qw",
    "Hungarian": "qw",
    "Romanian": "kqwy",
    "Croatian, Slovene": "qwxy",
    "Turkish": "qwx",
    "Lithuanian": "qwx",
    "Latvian": "qwxy",
    "Estonian": "cqwxy",
}
"""Plain letters that a language's own words never have, or hardly beside an accent: ``Seinèjoki`` is no Catalan, and
``attivitł`` no Polish. A name may have them all the same, so they only decide ties."""

SCRIPTS: dict[str, tuple[str, str]] = {
    "Russian": ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "оеаинтсрвл"),
    "Ukrainian": ("абвгдежзийклмнопрстуфхцчшщьюяєіїґ", "оанівиертс"),
    "Bulgarian": ("абвгдежзийклмнопрстуфхцчшщъьюя", "аоеитнрсвл"),
    "Serbian": ("абвгдежзиклмнопрстуфхцчшђјљњћџ", "аоиенртсј"),
    "Greek": ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ", "αοιετσνηυρ"),
    "Hebrew": ("אבגדהוזחטיךכלםמןנסעףפץצקרשת", "יוהלאמרתבש"),
    "Arabic": ("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ", "اليمنورتبه"),
    "Thai": (
        "กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะัาำิีึืุูเแโใไๆ็่้๊๋์",
        "านรอกเงมยล",
    ),
}
"""Letters of languages that use no Latin ones, and their ten most frequent."""

HANZI = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如"
    "都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高"
    "间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解"
    "水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队"
    "形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清"
    "今切院让识候带导争运省姓年龄职称编号地址电话价格数量合计备注"
    "東華國語學會時們這個來說對過後發現當動經還進開實長機關點業將兩間問戰應頭體見產種無樣與從門讀書買賣車馬魚鳥電話價總計備註區號縣鄉鎮臺灣"
)
"""Frequent Chinese characters, both forms."""

KANJI = (
    "日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天"
    "母火右読友左休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売知"
    "道集別物使品計死特私始朝運終台広住真有口少町料工建空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去味写字答夜音注帰古歌買悪図週室"
    "県市区都府村郡番号齢佐藤鈴木高橋渡辺伊加吉松井林清斎阿部池合計数量価格備考郵便住所氏職業売上単商在庫"
)
"""Frequent Japanese characters beside kana."""

HANGUL = (
    "이다는을의에가고하한지로기사은도를시대서리인자수정나과어그아일해라스있장들보주여전제부거원상조구성경안게만진동오소공으우마국유비무생관적산선용"
    "신방계개연와내체김박최강윤임중물명금년월번호주소이름나이서울부산대구광역시군읍면동합계수량가격"
)
"""Frequent Korean syllables."""

"""Sentences in many languages, and the encodings of single or double bytes that each is written in."""

_TEXTS = {
    ("French", "cp1252 iso8859_15 cp850 cp437 mac_roman iso8859_1"): """
Tous les êtres humains naissent libres et égaux en dignité et en droits
Ils sont doués de raison et de conscience
Le café fermé à côté du théâtre a été rénové cet été
Élève français né à Orléans, où habite sa mère
Forêt, hôtel, fenêtre, île, noël, garçon, déjà
""",
    ("German", "cp1252 iso8859_15 cp850 cp437 mac_roman iso8859_1"): """
Alle Menschen sind frei und gleich an Würde und Rechten geboren
Sie sind mit Vernunft und Gewissen begabt
Die Größe der Straße wurde in Köln geändert
Müller fährt für drei Tage nach Österreich
Übermäßig schöne Bäume stehen überall
""",
    ("Spanish", "cp1252 iso8859_15 cp850 cp437 mac_roman iso8859_1"): """
Todos los seres humanos nacen libres e iguales en dignidad y derechos
El niño pequeño comió piña mañana en España
¿Dónde está la estación de autobús más próxima?
José García Pérez vivió en Málaga
Según él, la situación económica mejoró
""",
    ("Portuguese", "cp1252 iso8859_15 cp850 mac_roman iso8859_1"): """
Todos os seres humanos nascem livres e iguais em dignidade e em direitos
São Paulo não é a capital da nação
A informação está à disposição das três irmãs
João comeu pão com maçã amanhã
Razão e consciência, coração e mão
""",
    ("Italian", "cp1252 iso8859_15 cp850 cp437 mac_roman iso8859_1"): """
Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti
La città è più bella perché c'è libertà
Lunedì il caffè sarà già pronto
Però la società non può crescere
Così è la qualità della verità
""",
    ("Dutch", "cp1252 iso8859_15 cp850 cp437 mac_roman iso8859_1"): """
Alle mensen worden vrij en gelijk in waardigheid en rechten geboren
België heeft drieëntwintig coördinatoren
De financiële situatie is geïnspecteerd
Een zeeën van ideeën, één café
Zoë en Daniël wonen in een reünie
""",
    ("Danish", "cp1252 cp850 mac_roman iso8859_1"): """
Alle mennesker er født frie og lige i værdighed og rettigheder
København ligger på Sjælland, Århus på Jylland
Blåbærgrød på æble og øl til frokost
Søren går på gaden næste år
Færøerne er små øer
""",
    ("Swedish", "cp1252 iso8859_15 cp850 cp437 mac_roman iso8859_1"): """
Alla människor är födda fria och lika i värde och rättigheter
Göteborg och Malmö är större än Växjö
Våren är här, och björnen söker föda på ängen
Åke köper kött på lördag
Sju sjösjuka sjömän från Öland
""",
    ("Finnish", "cp1252 iso8859_15 cp850 cp437 mac_roman iso8859_1"): """
Kaikki ihmiset syntyvät vapaina ja tasavertaisina
Jyväskylä, Hämeenlinna ja Seinäjoki
Äiti löysi syötävää pöydältä
Tänään on hyvä päivä mennä töihin
Köyhä kävelee kesällä yössä
""",
    ("Icelandic", "cp1252 iso8859_1"): """
Hver maður er borinn frjáls og jafn öðrum að virðingu
Reykjavík er höfuðborg Íslands
Þórður býr á Ísafirði með móður sinni
Það er kalt í fjörðunum á veturna
Ævintýrið um þjóðina er löngu liðið
""",
    ("Polish", "cp1250 iso8859_2 cp852"): """
Wszyscy ludzie rodzą się wolni i równi pod względem swej godności
Są oni obdarzeni rozumem i sumieniem
Łódź i Gdańsk są większe niż Częstochowa
Zażółć gęślą jaźń, mówił święty
Żaden dzień się nie powtórzy, ćma śpi
""",
    ("Czech", "cp1250 iso8859_2 cp852"): """
Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv
Příliš žluťoučký kůň úpěl ďábelské ódy
Město České Budějovice leží na řece Vltavě
Včera večer přišel můj přítel
Děti si hrály u řeky s míčem
""",
    ("Slovak", "cp1250 iso8859_2 cp852"): """
Všetci ľudia sa rodia slobodní a rovní v dôstojnosti aj právach
Košice a Žilina ležia na rieke
Kôň žerie žltú trávu na lúke
Ľubica kúpila päť vajec
Môj otec má štyridsať rokov
""",
    ("Hungarian", "cp1250 iso8859_2 cp852"): """
Minden emberi lény szabadon születik és egyenlő méltósága és joga van
Győr és Székesfehérvár között utazik
Árvíztűrő tükörfúrógép
A fiú könyvet vett a bátyjának
Őszi erdőben sétáltunk hétfőn
""",
    ("Romanian", "cp1250 iso8859_2 cp852"): """
Toate fiinţele umane se nasc libere şi egale în demnitate şi în drepturi
Bucureşti este capitala României
Fraţii şi surorile învaţă să trăiască
Târgu Mureş şi Iaşi sunt oraşe
Mâine dimineaţă mergem la piaţă
""",
    ("Croatian", "cp1250 iso8859_2 cp852"): """
Sva ljudska bića rađaju se slobodna i jednaka u dostojanstvu i pravima
Šibenik, Čakovec i Požega su gradovi
Željko i Đurđa žive u Osijeku već dugo
Sljedeći tjedan kišit će često
Mačka leži pokraj peći
""",
    ("Slovene", "cp1250 iso8859_2 cp852"): """
Vsi ljudje se rodijo svobodni in imajo enako dostojanstvo in enake pravice
Šola in žoga sta v Ljubljani
Včeraj smo šli čez reko
Življenje je težko, če ni časa
Češnje rastejo na vrtu
""",
    ("Russian", "cp1251 koi8_r cp866 iso8859_5 mac_cyrillic"): """
Все люди рождаются свободными и равными в своём достоинстве и правах
Они наделены разумом и совестью
Москва является столицей России
Съешь ещё этих мягких французских булок
Количество жителей города растёт
""",
    ("Ukrainian", "cp1251 koi8_u mac_cyrillic"): """
Всі люди народжуються вільними і рівними у своїй гідності та правах
Київ є столицею України, її найбільшим містом
Вони наділені розумом і совістю
Їжак їсть яблуко під деревом
Кількість мешканців міста зростає щороку
""",
    ("Bulgarian", "cp1251 iso8859_5 cp866"): """
Всички хора се раждат свободни и равни по достойнство и права
София е столицата на България
Те са надарени с разум и съвест
Броят на жителите на града расте
Ягодите са вкусни през лятото
""",
    ("Serbian", "cp1251 iso8859_5"): """
Сва људска бића рађају се слободна и једнака у достојанству и правима
Београд је главни град Србије
Она су обдарена разумом и свешћу
Њива и љубав, џеп и ђак
Број становника града расте
""",
    ("Greek", "cp1253 iso8859_7 cp737"): """
Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα
Η Αθήνα είναι η πρωτεύουσα της Ελλάδας
Είναι προικισμένοι με λογική και συνείδηση
Ο αριθμός των κατοίκων αυξάνεται
Καλημέρα, τι κάνετε σήμερα;
""",
    ("Turkish", "cp1254 iso8859_9 cp857"): """
Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar
İstanbul ve Diyarbakır büyük şehirlerdir
Akıl ve vicdana sahiptirler
Çocuk bahçede güneşin altında oynuyor
Iğdır'da şiddetli yağış görüldü, öğle
""",
    ("Lithuanian", "cp1257 iso8859_13 cp775"): """
Visi žmonės gimsta laisvi ir lygūs savo orumu ir teisėmis
Šiauliai ir Panevėžys yra miestai
Jiems suteiktas protas ir sąžinė
Ąžuolas auga prie ežero, žąsys skrenda
Įmonė įsigijo naują įrangą šįmet
""",
    ("Latvian", "cp1257 iso8859_13 cp775"): """
Visi cilvēki piedzimst brīvi un vienlīdzīgi savā pašcieņā un tiesībās
Rīga ir Latvijas galvaspilsēta
Viņi ir apveltīti ar saprātu un sirdsapziņu
Ķekava un Jūrmala atrodas tuvu
Ģimene ēd vakariņas šodien
""",
    ("Estonian", "cp1257 cp1252 iso8859_13"): """
Kõik inimesed sünnivad vabadena ja võrdsetena oma väärikuselt ja õigustelt
Pärnu, Võru ja Jõhvi on linnad
Ööbik laulab õhtul aias
Tüdruk sõi šokolaadi, pühapäev
Üks kõrge mägi on Munamägi
""",
    ("Hebrew", "cp1255 iso8859_8"): """
כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם
ירושלים היא בירת ישראל
כולם חוננו בתבונה ובמצפון
מספר התושבים בעיר גדל
הילד הלך לבית הספר
""",
    ("Arabic", "cp1256 iso8859_6"): """
يولد جميع الناس أحرارا متساوين في الكرامة والحقوق
القاهرة هي عاصمة مصر
وقد وهبوا عقلا وضميرا
عدد السكان في المدينة يزداد
ذهب الولد إلى المدرسة
""",
    ("Thai", "cp874"): """
มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ
กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย
ต่างมีเหตุผลและมโนธรรม
จำนวนประชากรในเมืองเพิ่มขึ้น
""",
    ("Japanese", "cp932 euc_jp iso2022_jp"): """
すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である
東京都は日本の首都です
人間は、理性と良心とを授けられている
市の人口は毎年増えています
カタカナとひらがな
""",
    ("ChineseS", "gb18030"): """
人人生而自由，在尊严和权利上一律平等
北京是中华人民共和国的首都
他们赋有理性和良心，并应以兄弟关系的精神相对待
城市的人口每年都在增长
小孩去学校读书
""",
    ("ChineseT", "big5 cp950"): """
人人生而自由，在尊嚴和權利上一律平等
臺北是臺灣的首都
他們賦有理性和良心，並應以兄弟關係的精神相對待
城市的人口每年都在增長
小孩去學校讀書
""",
    ("Korean", "cp949 euc_kr"): """
모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다
서울은 대한민국의 수도이다
인간은 천부적으로 이성과 양심을 부여받았다
도시의 인구는 매년 늘고 있다
아이는 학교에 갔다
""",
}

SENTENCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    language: (tuple(codecs.split()), tuple(text.strip().splitlines())) for (language, codecs), text in _TEXTS.items()
}
"""Language: encodings, sentences."""

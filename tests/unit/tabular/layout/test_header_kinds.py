"""Which first rows are headers: series of periods and numbers, units, letters, fewer names than columns."""

import pytest

from uploads.tabular.layout.text_header import find_layout


def header_of(text: str) -> tuple[int | None, int, tuple[str, ...]]:
    """Row of the header, the first row below it, and the labels."""
    layout = find_layout([tuple(line.split(",")) for line in text.split("\n")])
    return layout.header, layout.first, layout.labels


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("sensor,2026-05-01,2026-05-02\nA,1,2\nB,3,4\nC,5,6", id="dates above counts"),
        pytest.param("area,Jan-24,Feb-24,Mar-24\nA,1,2,3\nB,3,4,5\nC,5,6,7", id="months above counts"),
        pytest.param("area,2024Q1,2024Q2\nA,1,2\nB,3,4\nC,5,6", id="quarters above counts"),
        pytest.param(
            "area,long,1/22/20,1/23/20\nA,67.7,0,0\nB,20.1,0,1\nC,149.0,2,3", id="days as Americans write them"
        ),
        pytest.param("item,1,2,3\nS1,10,11,12\nS2,20,21,22\nS3,30,31,32", id="numbers from 1 on"),
        pytest.param("id,1,2,3,4,5\na,5,4,4,2,1\nb,1,1,2,2,3\nc,4,4,4,5,4", id="questions above answers from 1 to 5"),
        pytest.param(",2019,2020\nOslo,7,8\nBonn,9,6\nRome,5,4", id="years beside a blank corner"),
        pytest.param("site,2013-14,2014-15\nOslo,7,8\nBonn,9,6\nRome,5,4", id="fiscal years"),
        pytest.param("Messages of 14 March 2024\nIt began to rain\nIt rained at 10\nIt is dry", id="lines of words"),
        pytest.param("Calls since 2019-2020\nCalls since A\nOur calls\nNo calls", id="one line that begins like it"),
    ],
)
def test_series_above_other_values_is_the_header(text: str) -> None:
    assert header_of(text)[:2] == (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("A,2026-05-01,2026-05-02\nB,2026-06-01,2026-06-02\nC,2026-07-01,2026-07-02", id="dates"),
        pytest.param("A,Jan-24,Mar-24\nB,Feb-24,Apr-24\nC,May-24,Jul-24", id="months"),
        pytest.param("A,2024Q1,2024Q2\nB,2023Q1,2023Q2\nC,2022Q1,2022Q2", id="quarters"),
        pytest.param("r1,1,2,3\nr2,4,5,6\nr3,7,8,9", id="numbers below names of rows that are written alike"),
        pytest.param("Ann,1,2,3\nBob,2,1,3\nJoe Doe,3,1,2", id="ranks"),
        pytest.param("x,1,2,3,4,5\nyy,2,1,3,5,4\nzz,5,1,3,2,4", id="ranks of five"),
        pytest.param("Bonn,2019,2020\nOslo,2011,2012\nRome,2001,2002", id="years"),
        pytest.param("$GPGGA 10.0 47.11\n$GPRMC 10.1 A\n$GPGGA 10.2 47.1\n$GPRMC 10.3 V\n$GPGGA 10.4 47.2", id="log"),
        pytest.param("\n".join(f"{9 * '*'} {n}. row\n id: {n}\n name: N{n}\n at: x" for n in (1, 2, 3)), id="records"),
    ],
)
def test_row_of_the_kind_of_those_below_stays_a_row(text: str) -> None:
    assert header_of(text)[:2] == (None, 0)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("time,temp,RH\nmin,deg C,%\n0.0,20,40\n0.5,21,41\n1.0,22,42", 2, id="units with a symbol"),
        pytest.param("a,b,c\n(s),(m/s),(%)\n0,20,40\n1,21,41\n2,22,42", 2, id="units in parentheses"),
        pytest.param("day,a,b,pH\n(d),(s),(%),()\n1,0,20,7\n2,1,21,7\n3,2,22,7", 2, id="empty brackets for no unit"),
        pytest.param("a,b,c\nx,(5),(7)\ny,20,40\nz,21,41\nw,22,42", 1, id="negative figures in parentheses"),
        pytest.param("time,temp,n\ns,deg C,-\n0.0,20,40\n0.5,21,41\n1.0,22,42", 2, id="a dash for no unit"),
        pytest.param("a,,b,\nX,Y,X,Y\n0.2,1.5,2.5,3\n0.4,1.6,2.6,4\n0.6,1.7,2.7,5", 2, id="letters as names"),
        pytest.param("key,n,mean\nunit,,kg\nx,1,2.5\ny,2,2.7\nz,3,2.9", 2, id="a row that says unit"),
        pytest.param(",,A,,B,\nNr,Place,in,out,in,out\n,,n,n,n,n\n" + "1,x,1,2,3,4\n" * 3, 3, id="below groups"),
        pytest.param(
            ",n,m,n,m\n,2019,2019,2020,2020\n" + "a,1,2,3,4\nb,5,6,7,8\nc,9,1,2,3\n", 2, id="years below alike"
        ),
        pytest.param(",n,m\n,2019,2020\na,1,2\nb,3,4\nc,5,6", 1, id="years below names that differ"),
        pytest.param(
            ",n,m,n,m\n,2019,2019,2020,2020\n" + ",1,2,3,4\nb,5,6,7,8\n,9,1,2,3\n", 1, id="rows without labels"
        ),
        pytest.param("area,n,m\n,£000,£000\nNorth,1,2\nWest,3,4\nEast,5,6", 2, id="thousands of pounds"),
        pytest.param("area,n,m\n,'000,000s\nNorth,1,2\nWest,3,4\nEast,5,6", 2, id="thousands"),
        pytest.param(",n,m\n,£000,£000\nNorth,1,2\nWest,3,4\nEast,5,6", 2, id="thousands below a blank corner"),
        pytest.param("area,n,m\nunit,£000,£000\nNorth,£1,£2\nWest,3,4\nEast,5,6", 2, id="thousands beside unit"),
        pytest.param("area,n,m\nNorth,£000,£000\nWest,£5,£6\nEast,£7,£8\nSouth,£7,£8", 1, id="no money, beside a name"),
        pytest.param("area,n,m\nNorth,'000,'000\nWest,5,6\nEast,7,8\nSouth,7,8", 1, id="zeros beside a name"),
        pytest.param("area,n,m\n,£000,£000\n,£5,£6\nEast,£7,£8\nSouth,£7,£8", 1, id="rows that name nothing"),
        pytest.param("area,n,m\n,000,000\nNorth,100,200\nWest,300,400\nEast,500,600", 1, id="zeros are values"),
        pytest.param("area,n,m\n,£0,£500\nNorth,1,2\nWest,3,4\nEast,5,6", 1, id="money is a value"),
        pytest.param("site,n,m\nNorth,x,x\nSouth,1,2\nWest,3,4\nEast,5,6", 1, id="figures kept back stay a row"),
        pytest.param("site,n,m\nNorth,-,-\nSouth,1,2\nWest,3,4\nEast,5,6", 1, id="dashes stay a row"),
        pytest.param("P,Cl,Hi\nT,AA,BB\nDate,,\n" + "2024-01-02,1,2\n2024-01-03,3,4\n" * 2, 3, id="an index of pandas"),
        pytest.param(
            "P,Cl,Hi\nT,AA,BB\nAsia,,\n2001,1,2\n2002,3,4\nAfrica,,\n2001,3,4\n2002,5,6", 2, id="groups above years"
        ),
        pytest.param("P,Cl,Hi\nT,AA,BB\nAll,,\na,1,2\nb,3,4\nc,5,6", 2, id="a group above words"),
        pytest.param("id,site,n\n5s,15s,14n\n1,a,2\n2,b,3\n3,c,4", 2, id="widths of an RDB file"),
        pytest.param("id,size,n\n5s,15s,14n\n6s,1s,2n\n7s,2s,3n\n8s,3s,4n", 1, id="codes that are like widths"),
        pytest.param("item,n,m\nunit,1,2\npair,3,4\nbox,5,6\nbag,7,8", 1, id="a row about a unit stays a row"),
    ],
)
def test_header_takes_rows_of_units_and_parts(text: str, rows: int) -> None:
    assert header_of(text.strip())[1] == rows


def test_survey_keeps_the_short_names_of_its_three_rows() -> None:
    rows = [
        ("Start", "Q1"),
        ("Start Date", "How are you?"),
        ('{"ImportId":"s"}', '{"ImportId":"q"}'),
        ("2026-05-01", "1"),
    ]
    layout = find_layout(rows)
    assert (layout.first, layout.labels) == (3, ("Start", "Q1"))


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        pytest.param(
            "date,visits,actions\n2026-05-01,10,20,3%\n2026-05-02,11,21,4%",
            ("date", "visits", "actions", ""),
            id="dates",
        ),
        pytest.param("name,age,size\nAnn,31,1.7,x\nBob,32,1.8,y", ("name", "age", "size", ""), id="texts"),
        pytest.param("mpg,cyl\nMazda,21.0,6\nHornet,22.8,4", ("", "mpg", "cyl"), id="names of rows"),
        pytest.param("x,y,day\n2026-05-01,1,2,3\n2026-05-02,1,2,4", ("", "x", "y", "day"), id="dates as names of rows"),
        pytest.param("x,x,x\nOrg,1,0,1\nAlt,1,1,1\nDim,0,0,1", ("", "x", "x", "x"), id="equal names"),
    ],
)
def test_name_that_is_missing(text: str, labels: tuple[str, ...]) -> None:
    assert header_of(text)[2] == labels


def test_word_everywhere_above_equal_first_cells_is_no_header() -> None:
    assert header_of("x,x,x\nOrg,1,0,1\nOrg,1,1,1\nOrg,0,0,1")[0] is None


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        pytest.param(
            ",Sales,Sales,Costs,Costs\nArea,2023,2024,2023,2024\nN,1,2,3,4\nS,5,6,7,8\nW,9,8,7,6", 2, id="years"
        ),
        pytest.param(",Sales,Sales,Costs,Costs\nA,1,2,3,4\nN,1,2,3,4\nS,5,6,7,8\nW,9,8,7,6", 1, id="figures"),
        pytest.param(
            ",Born,Born,Died,Died\nA,1923,1924,1993,1994\nB,1901,1912,1983,1984\nC,1913,1914,1983,1994\nD,1903,1904,1973,1974",
            1,
            id="years above years",
        ),
    ],
)
def test_years_that_tell_columns_of_equal_names_apart_are_of_the_header(text: str, depth: int) -> None:
    assert header_of(text)[:2] == (0, depth)

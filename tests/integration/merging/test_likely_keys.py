"""Keys of several columns: the fewest that tell rows apart, among those that name things; looked for once."""

import itertools
import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from uploads.database.lookups import joint_keys
from uploads.models import Load, UploadedFile
from uploads.services.merging import likely_keys
from uploads.services.merging.likely_keys import key_offer
from uploads.states import FileState

DAYS = [f"2026-01-{day:02}" for day in range(1, 29)]
SHOPS = ["North", "South", "East", "West"]


def sales(*, second: str = "") -> str:
    """A row for each day and shop; prices, quantities and remarks repeat."""
    lines = [
        f"{day};{shop};{place % 7}.50;{place % 5}" for place, (day, shop) in enumerate(itertools.product(DAYS, SHOPS))
    ]
    return "date;shop;price;quantity\n" + "\n".join(lines) + f"\n{second}"


def load(pipeline: Pipeline, text: str) -> UploadedFile:
    return UploadedFile.objects.get(pk=pipeline.load(text, "sales.csv").file_id)


def offered(file: UploadedFile) -> tuple[str, ...] | None:
    offer = key_offer(file_id=file.pk)
    return None if offer is None else offer.key


@pytest.fixture
def staff(pipeline: Pipeline) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    return client


def test_day_and_shop_are_a_key_on_every_face(staff: Client, pipeline: Pipeline) -> None:
    file = load(pipeline, sales())
    words = "“date” and “shop” look like a key: 112 different values in 112 rows."
    assert words in staff.get(f"/receipts/{file.token}/").content.decode()
    assert words not in Client().get(f"/receipts/{file.token}/").content.decode()
    assert staff.get("/api/datasets/sales/mode").json()["likely_key"] == ["date", "shop"]
    assert Client().get("/api/datasets/sales/mode").status_code in (401, 403)
    assert 'href="/datasets/sales/mode/?mode=merge"' in staff.get(f"/receipts/{file.token}/").content.decode()
    form = staff.get("/datasets/sales/mode/?mode=merge").content.decode()
    assert "together none twice" in form
    assert 'value="merge" checked' in form, "whoever follows the link says that by saving"
    assert 'value="append" checked' in staff.get("/datasets/sales/mode/").content.decode()
    assert staff.get("/datasets/sales/mode/?mode=nonsense").status_code == 400
    assert all(f'value="{name}" checked' in form for name in ("date", "shop"))
    out = StringIO()
    call_command("dataset_mode", "sales", stdout=out)
    assert f"{words} Let files update by it: manage.py dataset_mode sales merge --key date,shop\n" in out.getvalue()
    out = StringIO()
    call_command("dataset_mode", "sales", "merge", "--key", "date,shop", "--json", stdout=out)
    assert json.loads(out.getvalue())["likely_key"] == [], "it was said how files join"


def test_it_is_looked_for_once_and_not_while_loading(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    file = load(pipeline, sales())
    assert list(Load.objects.values_list("likely_key", flat=True)) == [None]
    assert offered(file) == ("date", "shop")
    monkeypatch.setattr(likely_keys, "some_rows", None)
    assert offered(file) == ("date", "shop")
    assert Load.objects.get().likely_key == ["date", "shop"]


def test_a_column_that_is_a_key_by_itself_needs_no_second(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likely_keys, "some_rows", None)
    assert offered(load(pipeline, "code;shop\n" + "".join(f"A{n};{n % 3}\n" for n in range(30)))) == ("code",)


def test_what_some_rows_show_is_made_sure_of_in_all(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint_keys, "_HEAD", 50)
    monkeypatch.setattr(joint_keys, "_SPREAD", 0)
    assert offered(load(pipeline, sales(second="2026-01-28;West;9.50;9\n"))) is None


def test_three_columns_where_two_do_not_do(pipeline: Pipeline) -> None:
    lines = [f"{day};{shop};{till};1.5" for day, shop, till in itertools.product(DAYS[:9], SHOPS, range(1, 4))]
    assert offered(load(pipeline, "date;shop;till_no;price\n" + "\n".join(lines))) == ("date", "shop", "till_no")


@pytest.mark.parametrize(
    ("header", "second", "third"),
    [
        ("date;amount", "{day}", "{place}"),
        ("date;note", "{day}", "x" * 41 + "{place}"),
        ("date;change", "{day}", "-{place}"),
        ("date;shop", "{day}", "{gap}"),
        ("date;weight_kg", "{day}", "{place}.5"),
    ],
)
def test_amounts_remarks_and_columns_with_blanks_are_in_no_key(
    pipeline: Pipeline, header: str, second: str, third: str
) -> None:
    figures: list[dict[str, Any]] = [
        {"day": day, "place": place + 1, "gap": "" if day == DAYS[3] and place == 2 else f"S{place}"}
        for day, place in itertools.product(DAYS, range(4))
    ]
    lines = [f"{second.format(**each)};{third.format(**each)}" for each in figures]
    assert offered(load(pipeline, f"{header}\n" + "\n".join(lines))) is None


def test_few_rows_and_too_many_are_not_looked_at(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    few = load(pipeline, "day;shop\n2026-01-01;N\n2026-01-01;S\n2026-01-02;N\n")
    assert offered(few) is None
    monkeypatch.setattr(likely_keys, "MOST_ROWS", 100)
    assert offered(load(pipeline, sales())) is None


def test_what_takes_too_long_is_not_proposed(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(**_: Any) -> bool:
        raise joint_keys.NotSure

    monkeypatch.setattr(likely_keys, "tell_apart", never)
    assert offered(load(pipeline, sales())) is None


def test_a_statement_that_runs_out_of_time_says_that_it_is_not_sure(pipeline: Pipeline) -> None:
    load(pipeline, "n;m\n" + "".join(f"{n % 317};{n}\n" for n in range(60_000)))
    with pytest.raises(joint_keys.NotSure):
        joint_keys.tell_apart(part=Load.objects.get().part, names=["n", "m"], milliseconds=1)


def test_a_file_that_waits_is_asked_about_by_both_columns(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, sales())
    lines = [f"{day};{shop};3.25;1" for day, shop in itertools.product(DAYS[-5:], SHOPS)]
    waits = UploadedFile.objects.get(
        pk=pipeline.load("date;shop;price;quantity\n" + "\n".join(lines), "more.csv", activate=False).file_id
    )
    page = staff.get(f"/receipts/{waits.token}/").content.decode()
    assert "20 of 20 rows have a “date” and “shop” that is in “sales” already." in page
    assert "Update by date, shop" in page


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("at;kind;amount", None),  # whole numbers: the same by their name
        ("at;kind;measured", None),  # decimals, whatever they are called
        ("at;kind;invoice_no", ("invoice_no",)),
    ],
)
def test_an_amount_that_no_two_rows_share_is_no_key(
    pipeline: Pipeline, header: str, key: tuple[str, ...] | None
) -> None:
    point = ".5" if "measured" in header else ""
    lines = "".join(f"2026-01-01 10:00:0{n % 9};{'in' if n % 2 else 'out'};{n}{point}\n" for n in range(40))
    assert offered(load(pipeline, f"{header}\n{lines}")) == key


def measured(first: int, last: int, *, sensor: str = "", value: int = 0) -> str:
    header = "at;reading" + (";sensor" if sensor else "")
    return f"{header}\n" + "".join(
        f"2026-01-{1 + hour // 24:02} {hour % 24:02}:00;{hour + value}.5{';' + sensor if sensor else ''}\n"
        for hour in range(first, last)
    )


@pytest.mark.parametrize(
    ("there", "text", "answers"),
    [
        ([measured(0, 30)], measured(20, 40), True),  # ten rows once more, ten new ones
        ([measured(0, 30)], measured(20, 40, value=1), False),  # other rows of the same moments
        ([measured(0, 30, sensor="a"), measured(0, 30, sensor="b")], measured(20, 40, sensor="a"), False),
        ([measured(0, 30)], measured(25, 30) + "2026-01-29 10:00;1.5\n", False),  # too few rows to say anything
    ],
)
def test_the_moment_of_a_log_is_its_key_where_it_overlaps(
    staff: Client, pipeline: Pipeline, there: list[str], text: str, answers: bool
) -> None:
    for each in there:
        assert pipeline.load(each, "meter.csv").state is FileState.ACTIVE
    file = pipeline.load(text, "meter.csv", again=False, via=UploadedFile.Via.PAGE)
    page = staff.get(f"/receipts/{UploadedFile.objects.get(pk=file.file_id).token}/").content.decode()
    assert ("Update by at" in page) is answers
    if answers:
        assert "10 of 20 rows have an “at” that is in “meter” already" in page
        staff.post(f"/api/files/{file.file_id}/join", {"mode": "merge", "key": ["at"]}, content_type="application/json")
        assert rows("SELECT count(*), count(DISTINCT at) FROM data.meter") == [(40, 40)]

"""Words that mean an empty cell: none until a person says so, and then for all files of the dataset."""

import io
from typing import Any

from django.core.management import call_command

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, RejectedRow

PRICES = "id;price;country\n" + "".join(
    f"{n};{'NA' if n % 5 == 0 else n * 10};{'NA' if n == 7 else 'DE'}\n" for n in range(20)
)


def types(slug: str) -> dict[str, str]:
    return dict(Dataset.objects.get(slug=slug).columns.values_list("name", "type"))


def test_na_is_text_until_somebody_says_otherwise(pipeline: Pipeline) -> None:
    pipeline.load(PRICES, "prices.csv")
    assert types("prices") == {"id": "bigint", "price": "text", "country": "text"}
    assert rows("SELECT count(*) FROM data.prices WHERE price = 'NA'") == [(4,)]


def test_null_words_said_for_the_first_file_become_the_datasets_own(pipeline: Pipeline) -> None:
    receipt = pipeline.load(PRICES, "prices.csv", options={"null_words": "NA"})
    assert types("prices")["price"] == "bigint"
    assert Dataset.objects.get().null_words == ["NA"]
    assert rows("SELECT count(*) FROM data.prices WHERE price IS NULL") == [(4,)]
    assert (
        "Read as empty, as was chosen for this dataset: “NA” in 5 cells (“price” 4, “country” 1)."
        in receipt.loads[0].sentences
    )
    later = pipeline.load("id;price;country\n30; NA ;FR\n31;x;FR\n", "later.csv")
    assert (later.loads[0].loaded, later.loads[0].rejected) == (1, 1)
    assert rows("SELECT price FROM data.prices WHERE id = 30") == [(None,)]


def test_rejected_row_shows_the_word_as_it_stood(pipeline: Pipeline) -> None:
    pipeline.load("id;price\n1;5\n2;NA\n", "prices.csv", options={"null_words": ["NA"]})
    pipeline.load("id;price\n3;NA\nmany;NA\n", "more.csv")
    assert RejectedRow.objects.get().raw == "many;NA"


def test_word_is_found_out_late_in_the_file(pipeline: Pipeline, settings: Any) -> None:
    settings.CHUNK_FILE_READ = 10
    numbers = "".join(f"{n}\n" for n in range(35))
    receipt = pipeline.load(f"n\n{numbers}-\n", "n.csv", options={"null_words": "-"})
    assert types("n") == {"n": "bigint"}
    assert "“-” in 1 cell (“n” 1)" in " ".join(receipt.loads[0].sentences)


def test_file_that_joins_a_dataset_cannot_change_its_words(pipeline: Pipeline) -> None:
    pipeline.load("id;price\n1;5\n", "prices.csv")
    receipt = pipeline.load("id;price\n2;NA\n", "more.csv", options={"null_words": "NA"})
    assert receipt.error is not None
    assert receipt.error["code"] == "bad_option"
    assert "does not read “NA” as empty" in receipt.error["message"]


def test_words_go_with_the_last_file_of_a_dataset(pipeline: Pipeline) -> None:
    from uploads.services.files.activation import delete_file

    first = pipeline.load("id;price\n1;NA\n", "prices.csv", options={"null_words": "NA"})
    delete_file(file_id=first.file_id)
    pipeline.load("id;price\n2;NA\n3;4\n", "prices.csv")
    assert types("prices")["price"] == "text"


def test_command_takes_null_words(data_schema: None, tmp_path: Any) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(PRICES)
    call_command("load_file", str(path), "--null-word", "NA", "--null-word", "-", "--json", stdout=io.StringIO())
    assert Dataset.objects.get().null_words == ["NA", "-"]
    assert types("prices")["price"] == "bigint"

"""What changes from one file to another: counts, first differences, columns, figures, and each refusal."""

import io
import threading
import zipfile
from typing import Any

import pytest
from django.db import connection

from tests.integration.conftest import Pipeline, rows
from uploads.database.comparison import session
from uploads.database.comparison.session import ComparisonTooLong
from uploads.models import UploadedFile
from uploads.services.comparison.compare import Wish, compare_files, compare_with_active
from uploads.services.comparison.result import Change, Place, TableChanges
from uploads.services.errors import CannotCompare, FileNotFound, KeyNotUnique, StateConflict
from uploads.services.files.activation import delete_file
from uploads.services.receiving.sender import Sender
from uploads.services.visibility import ANYBODY, Viewer
from uploads.tabular.errors import BadOption

OLD = (
    "code;name;price;day\nA;Apple;1.00;2024-01-01\nB;Bean;2.50;2024-01-02\nC;;3.00;2024-01-03\nD;Date;4.00;2024-01-04\n"
)
NEW = "price;name;code;stock\n3.00;Cherry;C;1\n1.0;Apple;A;2\n4.25;Date;D;3\n9.00;Elder;E;4\n"
CODE = Wish(key=("code",))


def load(pipeline: Pipeline, text: str, name: str = "table.csv", **wishes: Any) -> int:
    return pipeline.load(text, name, **{"activate": False, **wishes}).file_id


def compared(old: int, new: int, wish: Wish | None = None) -> TableChanges:
    [table] = compare_files(old_id=old, new_id=new, wish=wish).tables
    return table


def totals(table: TableChanges) -> tuple[int, int, int, int]:
    return table.new, table.changed, table.gone, table.equal


class TestByKey:
    def test_rows_columns_cells_and_figures(self, pipeline: Pipeline) -> None:
        old, new = load(pipeline, OLD), load(pipeline, NEW)
        table = compared(old, new, CODE)
        assert totals(table) == (1, 2, 1, 1)
        assert (table.columns.added, table.columns.missing, table.columns.retyped) == (("stock",), ("day",), ())
        first, second = table.examples.changed
        assert first.values == {"code": "C", "price": "3.00", "name": "Cherry"}
        assert next(iter(first.values)) == "code"
        assert first.changes == {"name": Change(old=None, new="Cherry")}
        assert (first.old, first.new) == (Place(file=old, source=None, row=4), Place(file=new, source=None, row=2))
        assert second.changes == {"price": Change(old="4.00", new="4.25")}
        assert [each.values for each in table.examples.new] == [
            {"code": "E", "price": "9.00", "name": "Elder", "stock": "4"}
        ]
        assert [each.values["day"] for each in table.examples.gone] == ["2024-01-02"]
        assert table.figures is not None
        figures = {column.name: (column.old, column.new) for column in table.figures}
        assert set(figures) == {"code", "name", "price"}
        before, now = figures["name"]
        assert (before.blanks, now.blanks, before.distinct, now.distinct) == (1, 0, 3, 4)
        before, now = figures["price"]
        assert (before.minimum, before.maximum, before.sum) == ("1.00", "4.00", "10.50")
        assert (now.maximum, now.sum) == ("9.00", "17.25")

    @pytest.mark.parametrize("step", [1, 40, 3_000])
    def test_differences_are_shown_however_far_apart_they_lie(self, pipeline: Pipeline, step: int) -> None:
        """Near each other they are read in one stretch, far apart one by one."""
        changed = range(0, 5 * step, step)
        lines = [f"{number};{number % 7}" for number in range(5 * step)]
        old = load(pipeline, "\n".join(["code;price", *lines, "gone;1"]), "old.csv")
        for number in changed:
            lines[number] = f"{number};99"
        new = load(pipeline, "\n".join(["code;price", *lines, "new;1"]), "new.csv")
        table = compared(old, new, CODE)
        assert totals(table) == (1, 5, 1, 4 * step + step - 5)
        assert [each.values["code"] for each in table.examples.changed] == [str(number) for number in changed]
        assert [each.changes["price"].old for each in table.examples.changed] == [str(each % 7) for each in changed]
        assert [each.values["code"] for each in table.examples.new] == ["new"]
        assert [each.values["code"] for each in table.examples.gone] == ["gone"]

    def test_server_that_knows_no_any_value_finds_the_same(
        self, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """PostgreSQL 15 runs another statement, which runs on the one of the tests too."""
        old, new = load(pipeline, OLD), load(pipeline, NEW)
        newest = compared(old, new, CODE)
        monkeypatch.setattr(connection, "pg_version", 150_000)
        assert compared(old, new, CODE) == newest

    def test_key_of_two_columns(self, pipeline: Pipeline) -> None:
        old = load(pipeline, "land;year;n\nNZ;2020;1\nNZ;2021;2\nAU;2020;3\n")
        new = load(pipeline, "land;year;n\nNZ;2021;5\nAU;2021;3\nNZ;2020;1\n")
        assert totals(compared(old, new, Wish(key=("land", "year")))) == (1, 1, 1, 1)

    def test_only_the_first_hundred_are_shown_and_all_are_counted(self, pipeline: Pipeline) -> None:
        """Also where the changed rows lie close together behind rows that did not change, as they do in a bucket."""
        number = 9_000
        old = load(pipeline, "k;v\n" + "".join(f"{n};1\n" for n in range(number)))
        new = load(pipeline, "k;v\n" + "".join(f"{n};{2 if n >= 8_000 else 1}\n" for n in range(number)))
        table = compared(old, new, Wish(key=("k",), figures=False))
        assert totals(table) == (0, 1_000, 0, 8_000)
        assert [each.values["k"] for each in table.examples.changed] == [str(n) for n in range(8_000, 8_100)]
        assert {each.changes["v"] for each in table.examples.changed} == {Change(old="1", new="2")}
        assert table.figures is None

    def test_key_that_several_rows_have_or_none_is_refused_with_figures(self, pipeline: Pipeline) -> None:
        old = load(pipeline, "code;n\nA;1\nB;2\nA;3\nA;4\n;5\n;6\n")
        new = load(pipeline, "code;n\nA;1\nB;2\n")
        with pytest.raises(KeyNotUnique) as error:
            compare_files(old_id=old, new_id=new, wish=CODE)
        assert "1 value stands in 3 rows (“A” in rows 2 and 5) and 2 rows have a blank there" in error.value.message
        assert "In the old rows, 1 value" in error.value.message
        assert "In the new rows" not in error.value.message
        assert "or none" in error.value.hint

    def test_key_is_refused_where_the_rows_are_twice_on_both_sides_and_equal(self, pipeline: Pipeline) -> None:
        old, new = (load(pipeline, "code;n\nA;1\nA;1\nB;2\n") for _ in range(2))
        with pytest.raises(KeyNotUnique):
            compare_files(old_id=old, new_id=new, wish=CODE)

    def test_key_that_is_no_column_of_both_is_refused_with_those_that_are(self, pipeline: Pipeline) -> None:
        old, new = load(pipeline, OLD), load(pipeline, NEW)
        with pytest.raises(BadOption, match="“day”") as error:
            compare_files(old_id=old, new_id=new, wish=Wish(key=("day",)))
        assert error.value.hint == "Both have: price, name, code."


class TestWholeRows:
    def test_order_and_repeats(self, pipeline: Pipeline) -> None:
        old = load(pipeline, "a;b\n1;x\n1;x\n2;y\n3;\n")
        new = load(pipeline, "b;a\n;3\nx;1\nz;9\nz;9\n")
        table = compared(old, new)
        assert totals(table) == (2, 0, 2, 2)
        [more] = table.examples.new
        assert (more.times, more.values) == (2, {"b": "z", "a": "9"})
        assert [each.values for each in table.examples.gone] == [{"b": "x", "a": "1"}, {"b": "y", "a": "2"}]

    def test_same_rows_in_another_order_are_equal(self, pipeline: Pipeline) -> None:
        old, new = load(pipeline, "a;b\n1;2\n3;4\n"), load(pipeline, "b;a\n4;3\n2;1\n")
        assert compared(old, new).is_same


class TestTypes:
    def test_numbers_of_other_types_are_compared_as_numbers(self, pipeline: Pipeline) -> None:
        old, new = load(pipeline, "k;n\n1;1\n2;2\n"), load(pipeline, "k;n\n1;1.0\n2;2.5\n")
        table = compared(old, new, Wish(key=("k",)))
        assert totals(table) == (0, 1, 0, 1)
        [retyped] = table.types
        assert (retyped.name, retyped.old_type, retyped.new_type, retyped.compared_as) == (
            "n",
            "bigint",
            "numeric",
            "numeric",
        )

    def test_what_no_type_holds_is_compared_as_text(self, pipeline: Pipeline) -> None:
        old, new = load(pipeline, "k;n\n1;1\n2;2\n"), load(pipeline, "k;n\n1;1\n2;x\n")
        table = compared(old, new, Wish(key=("k",)))
        assert totals(table) == (0, 1, 0, 1)
        assert [(each.name, each.compared_as) for each in table.types] == [("n", "text")]
        assert table.columns.retyped == ("n",)

    def test_date_and_timestamp_are_compared_as_timestamps(self, pipeline: Pipeline) -> None:
        old = load(pipeline, "k;at\n1;2024-01-01\n2;2024-01-02\n")
        new = load(pipeline, "k;at\n1;2024-01-01 00:00:00\n2;2024-01-02 10:00:00\n")
        assert totals(compared(old, new, Wish(key=("k",)))) == (0, 1, 0, 1)

    def test_text_that_looks_alike_differs(self, pipeline: Pipeline) -> None:
        old, new = load(pipeline, "k;t\n1;a\n2;é\n3;x\n"), load(pipeline, "k;t\n1;A\n2;e\u0301\n3;x\n")
        assert totals(compared(old, new, Wish(key=("k",)))) == (0, 2, 0, 1)


class TestTables:
    def test_archive_is_compared_member_by_member(self, pipeline: Pipeline) -> None:
        def archive(**members: str) -> bytes:
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w") as packed:
                for name, text in members.items():
                    packed.writestr(f"{name}.csv", text)
            return content.getvalue()

        old = pipeline.load(archive(prices="code;price\nA;1\n", shops="shop\nx\n"), "a.zip", activate=False).file_id
        new = pipeline.load(archive(lands="land\nNZ\n", prices="code;price\nA;2\n"), "b.zip", activate=False).file_id
        found = compare_files(old_id=old, new_id=new, wish=CODE)
        assert [table.new_table for table in found.tables] == ["prices.csv"]
        assert (found.new, found.changed, found.gone, found.equal) == (0, 1, 0, 0)
        assert (found.only_old, found.only_new) == (("shops.csv",), ("lands.csv",))

    def test_only_tables_of_two_files_are_compared_whatever_they_are_called(self, pipeline: Pipeline) -> None:
        old, new = load(pipeline, OLD, "january.csv"), load(pipeline, NEW, "february.csv")
        assert totals(compared(old, new, CODE)) == (1, 2, 1, 1)

    def test_pending_file_is_compared_with_what_is_active(self, pipeline: Pipeline) -> None:
        load(pipeline, "code;price\nA;1\nB;2\n", activate=True)
        load(pipeline, "code;price\nC;3\n", activate=True)
        load(pipeline, "code;price\nD;3\n")
        pending = load(pipeline, "code;price\nA;1\nC;4\nE;5\n")
        found = compare_with_active(file_id=pending, wish=CODE)
        assert found.old_side.file is None
        assert totals(found.tables[0]) == (1, 1, 1, 1)
        [changed] = found.tables[0].examples.changed
        assert changed.changes == {"price": Change(old="3", new="4")}

    def test_active_file_is_compared_with_the_others(self, pipeline: Pipeline) -> None:
        load(pipeline, "code;price\nA;1\nB;2\n", activate=True)
        active = load(pipeline, "code;price\nB;2\nC;3\n", activate=True)
        assert totals(compare_with_active(file_id=active).tables[0]) == (1, 0, 1, 1)

    def test_file_that_founds_a_dataset_has_nothing_to_be_compared_with(self, pipeline: Pipeline) -> None:
        with pytest.raises(CannotCompare, match="founds a dataset"):
            compare_with_active(file_id=load(pipeline, OLD))


class TestRefusals:
    def test_unknown_file_and_one_twice(self, pipeline: Pipeline) -> None:
        file = load(pipeline, OLD)
        for wrong in (4_711, 0, -1, 2**40):
            with pytest.raises(FileNotFound, match=f"There is no file {wrong}"):
                compare_files(old_id=file, new_id=wrong)
        with pytest.raises(CannotCompare, match="with itself"):
            compare_files(old_id=file, new_id=file)

    def test_failed_and_deleted_files_have_no_rows(self, pipeline: Pipeline) -> None:
        file, deleted = load(pipeline, OLD), load(pipeline, NEW)
        failed = pipeline.load("\n\n", "empty.csv", activate=False).file_id
        delete_file(file_id=deleted)
        for wrong, word in ((failed, "it has failed"), (deleted, "it is deleted")):
            with pytest.raises(StateConflict, match=word):
                compare_files(old_id=file, new_id=wrong)

    def test_no_common_column(self, pipeline: Pipeline) -> None:
        old, new = load(pipeline, "a;b\n1;2\n"), load(pipeline, "c;d\n1;2\n")
        with pytest.raises(CannotCompare, match="no column of the same name"):
            compare_files(old_id=old, new_id=new)

    def test_rows_of_a_pending_file_are_for_its_sender_and_staff(self, pipeline: Pipeline) -> None:
        active = load(pipeline, OLD, activate=True)
        pending = load(pipeline, NEW, uploader=Sender(visitor="anna"), activate=None)
        for viewer in (ANYBODY, Viewer(visitor="ben"), Viewer(user_id=4_711)):
            for ids in ((active, pending), (pending, active)):
                with pytest.raises(FileNotFound, match=f"There is no file {pending}"):
                    compare_files(old_id=ids[0], new_id=ids[1], viewer=viewer)
        assert compare_files(old_id=active, new_id=pending, viewer=Viewer(visitor="anna")).new == 3

    def test_time_is_limited_and_said(self, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
        old, new = (load(pipeline, "k;v\n" + "".join(f"{n};{n}\n" for n in range(5_000))) for _ in range(2))
        with pytest.raises(ComparisonTooLong, match="longer than a page may wait"):
            compare_files(old_id=old, new_id=new, wish=Wish(seconds=0.001))
        assert rows("SHOW statement_timeout") == [("0",)]

    def test_visitors_compare_two_at_a_time(self, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
        old, new = load(pipeline, OLD), load(pipeline, NEW)
        monkeypatch.setattr(session, "AT_ONCE", 1)
        inside, done = threading.Event(), threading.Event()

        def hold() -> None:
            tables = UploadedFile.objects.filter(pk=old).values_list("loads__part", flat=True)
            with session.comparing(tables=[str(tables[0])], seconds=60):
                inside.set()
                done.wait(60)
            connection.close()

        holder = threading.Thread(target=hold)
        holder.start()
        assert inside.wait(60)
        try:
            with pytest.raises(session.ComparisonsBusy):
                compare_files(old_id=old, new_id=new, wish=Wish(seconds=60))
            assert compare_files(old_id=old, new_id=new).new == 3
        finally:
            done.set()
            holder.join()

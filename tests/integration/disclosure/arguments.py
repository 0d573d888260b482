"""What each command is asked: one that is missing here fails the walk."""

from collections.abc import Callable

from tests.integration.disclosure.ask import Fill, table_of

type Arguments = Callable[[Fill], list[str]]


def _file(*more: str) -> Arguments:
    return lambda fill: [str(fill["file_id"]), *more]


def _dataset(*more: str) -> Arguments:
    return lambda fill: [fill["slug"], *more]


COMMANDS: dict[str, tuple[Arguments, ...]] = {
    "list_files": (lambda _: [], lambda _: ["--json"], lambda _: ["--state", "deleted", "--json"]),
    "activate_file": (_file(), _file("--json")),
    "deactivate_file": (_file(), _file("--json")),
    "delete_file": (_file("--yes"), _file("--yes", "--json")),
    "replace_file": (
        lambda fill: [str(fill["public_id"]), str(fill["file_id"])],
        lambda fill: [str(fill["file_id"]), str(fill["public_id"]), "--json"],
    ),
    "compare_files": (
        lambda fill: [str(fill["public_id"]), str(fill["file_id"])],
        lambda fill: [str(fill["file_id"]), str(fill["public_id"]), "--json"],
    ),
    "read_again": (_file("--all-text"), _file("--json")),
    "keep_reading": (_file(), _file("--json")),
    "decline_file": (_file("--reason", "not ours"), _file("--undo", "--json")),
    "ask_sender": (_file("which month?"), _file("which month?", "--json")),
    "change_column": (lambda fill: [fill["slug"], fill["name"], "bigint", "--dry-run"],),
    "export": (_dataset("/dev/null", "--format", "csv"),),
    "null_words": (_dataset(), _dataset("--json"), _dataset("nothing", "--dry-run")),
    "dataset_reading": (_dataset(), _dataset("--json")),
    "adopt_table": (
        lambda fill: [table_of(fill), "--dry-run"],
        lambda fill: [table_of(fill), "--json"],
        lambda _: ["public.uploads_dataset", "--merge", "--cast"],
    ),
    "release_table": (_dataset(), _dataset("--json")),
    "publish_table": (
        lambda fill: [table_of(fill), "--dry-run"],
        lambda fill: [table_of(fill), "--json"],
        lambda _: ["public.uploads_dataset"],
        lambda _: ["--list"],
    ),
    "unpublish_table": (_dataset(), _dataset("--json")),
    "dataset_mode": (_dataset(), _dataset("--json"), _dataset("replace")),
    "dataset_guards": (_dataset(), _dataset("--json"), _dataset("--fewer-rows", "20")),
    "dataset_visibility": (_dataset(), _dataset("--json"), _dataset("signed_in")),
    "dataset_about": (_dataset(), _dataset("--json"), _dataset("--tags", "a")),
    "dataset_columns": (_dataset(), _dataset("--json"), _dataset("--add", "note"), _dataset("--strict", "grow")),
    "dataset_indexes": (_dataset(), _dataset("--json"), lambda fill: [fill["slug"], fill["name"]]),
    "make_token": (lambda fill: ["mara", "--scope", f"read:{fill['slug']}"],),
    "revoke_token": (lambda _: ["7999999"],),
    "news_subscriptions": (lambda _: [], lambda fill: ["7999999", "--dataset", fill["slug"]]),
    "news_sent": (lambda _: [], lambda _: ["--json"]),
    "make_reader": (lambda fill: [fill["slug"], "--remove"],),
    "column_plan": (_file(), _file("--json"), _file("--new-dataset")),
    "load_file": (lambda fill: [str(fill["path"]), "--json"], lambda fill: [str(fill["path"])]),
    # what they print is of migrations, the worker's log, and how many files a folder has
    "backup": (),
    "restore": (lambda _: ["/dev/null"],),
    "migrate": (lambda _: ["--check"],),
    "makemigrations": (lambda _: ["--check", "--dry-run"],),
    "run_worker": (),
}
LOADING = ("read_again", "activate_file")
"""Commands that load what is there, in sessions of their own which a test that takes all back would hold up."""

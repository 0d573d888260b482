"""What is asked at each address of the URLconf, and of each command: one that is missing here fails the walk."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import SimpleUploadedFile

type Fill = Mapping[str, Any]
"""What is filled into addresses and bodies, by the name of the part."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request; ``body`` is made of what is filled in."""

    method: str = "GET"
    body: Callable[[Fill], Mapping[str, Any]] = lambda _: {}
    query: str = ""
    is_json: bool = False
    reads: tuple[str, ...] = ()
    """Parts that the query or the body are made of, besides those of the address."""

    def arguments(self, fill: Fill) -> dict[str, Any]:
        if self.is_json:
            return {"data": json.dumps(self.body(fill)), "content_type": "application/json"}
        return {"data": self.body(fill)} if self.method == "POST" else {}


def posted(*reads: str, **fields: Any) -> Ask:
    """A form; a field's value may be made of what is filled in."""
    return Ask(method="POST", body=lambda fill: _made(fields, fill), reads=reads)


def sent(method: str, *reads: str, **fields: Any) -> Ask:
    """JSON."""
    return Ask(method=method, body=lambda fill: _made(fields, fill), is_json=True, reads=reads)


def _made(fields: Mapping[str, Any], fill: Fill) -> dict[str, Any]:
    return {name: value(fill) if callable(value) else value for name, value in fields.items()}


def action(name: str, **fields: Any) -> Ask:
    """An action of a change list of the admin on what is filled in."""
    return Ask(
        method="POST",
        body=lambda fill: {"action": name, ACTION_CHECKBOX_NAME: [fill["object_id"]], **fields},
        reads=("object_id",),
    )


def a_file(fill: Fill) -> SimpleUploadedFile:
    return SimpleUploadedFile("mine.csv", fill["bytes"])


def _table(fill: Fill) -> str:
    return f"data.{fill['slug']}"


GET = Ask()
QUERIES = (
    Ask(query="query=SELECT * FROM data.{slug}", reads=("slug",)),
    Ask(query="query=SELECT * FROM data.{slug} WHERE {name} IS NULL", reads=("slug", "name")),
    Ask(query="query=SELECT * FROM data._file_{file_id}_{file_id}_1", reads=("file_id",)),
    Ask(query="query=SELECT attname FROM pg_attribute"),
)
POST = Ask(method="POST")
DELETE = Ask(method="DELETE")
SEARCH = Ask(query="q={q}", reads=("q",))
ALL_STATES = Ask(query="state=all")
FILES = ("activate_files", "deactivate_files", "replace_by_one", "put_files_back", "add_files", "load_again")
ALL_ACTIONS = (
    *FILES,
    "decline_files",
    "delete_files",
    "delete_datasets",
    "accept_mends",
    "delete_exports",
    "revoke_tokens",
    "cancel_exports",
)

OF_ADMIN: dict[str, tuple[Ask, ...]] = {
    "index": (GET,),
    "login": (GET, posted(username="boss", password="wrong")),
    "logout": (GET,),
    "password_change": (GET,),
    "password_change_done": (GET,),
    "autocomplete": (
        Ask(query="term=&app_label=uploads&model_name=load&field_name=file"),
        Ask(query="term=&app_label=uploads&model_name=load&field_name=dataset"),
    ),
    "jsi18n": (GET,),
    "view_on_site": (GET,),
    "app_list": (GET,),
    "(?P<url>.*)$": (GET,),
    "<path:object_id>/": (GET,),
    **{
        f"{model}_{page}": (GET,)
        for model in ("auth_user", "auth_group", "procrastinate_procrastinatejob")
        for page in ("changelist", "add", "history", "delete", "change")
    },
    "auth_user_password_change": (GET,),
    "uploads_dataset_changelist": (
        GET,
        SEARCH,
        action("delete_datasets"),
        action("delete_datasets", confirm="yes"),
    ),
    "uploads_uploadedfile_changelist": (
        GET,
        ALL_STATES,
        SEARCH,
        *map(action, FILES),
        action("delete_files"),
        action("delete_files", confirm="yes"),
        action("load_again", confirm="yes"),
        action("activate_files", came_from="page"),
        action("decline_files"),
        action("decline_files", confirm="yes", reason="not ours"),
    ),
    "uploads_preparedexport_changelist": (GET, SEARCH, action("cancel_exports"), action("delete_exports")),
    "uploads_load_changelist": (GET, SEARCH),
    "uploads_accesstoken_changelist": (GET, SEARCH, action("revoke_tokens")),
    "uploads_newssubscription_changelist": (GET, SEARCH, *map(action, ("send_tests", "switch_on", "renew_secrets"))),
    "uploads_newsdelivery_changelist": (GET, SEARCH, action("send_them_again")),
    "uploads_rejectedrow_changelist": (GET, SEARCH, action("accept_mends")),
    **{
        f"uploads_{model}_{page}": (GET,) if page != "delete" else (GET, posted(post="yes"))
        for model in (
            *("dataset", "uploadedfile", "load", "rejectedrow", "preparedexport", "accesstoken"),
            *("newssubscription", "newsdelivery"),
        )
        for page in ("add", "history", "delete", "change")
    },
    "uploads_status": (GET,),
    "uploads_review": (GET, Ask(query="for=sender"), Ask(query="for=declined")),
    "uploads_review_file": (
        GET,
        Ask(query="changes=yes"),
        *(posted(act=act, text="why?") for act in ("activate", "decline", "ask", "take_up", "undo")),
        posted(act="activate", mode="append"),
    ),
    "uploads_dataset_reading": (GET, posted(day_first="true")),
    "uploads_dataset_joining": (
        GET,
        posted(mode="replace"),
        posted("name", mode="merge", key=lambda fill: [fill["name"]]),
        posted("file_id", order=lambda fill: str(fill["file_id"])),
    ),
    "uploads_dataset_adopt": (GET, Ask(query="table=data.{slug}", reads=("slug",)), posted("slug", table=_table)),
    "uploads_dataset_release": (GET, POST),
    "uploads_dataset_publish": (GET, Ask(query="table=data.{slug}", reads=("slug",)), posted("slug", table=_table)),
    "uploads_dataset_unpublish": (GET, POST),
    "uploads_uploadedfile_read_again": (GET, posted(all_text="on")),
    "uploads_load_rejects": (GET,),
    "uploads_load_mend": (POST,),
    "uploads_load_keep": (POST,),
}
OF_API: dict[str, tuple[Ask, ...]] = {
    "openapi-json": (GET,),
    "openapi-view": (GET,),
    "api-root": (GET,),
    "send_file": (Ask(method="POST", body=lambda fill: {"file": a_file(fill)}, reads=("bytes",)),),
    "list_files": (GET, Ask(query="mine=true"), Ask(query="state=failed"), Ask(query="state=deleted")),
    "get_receipt": (GET,),
    "follow_files": (GET, Ask(query="mine=true"), Ask(query="state=failed")),
    "follow_receipt": (GET,),
    "withdraw_by_receipt": (DELETE,),
    "get_file": (GET,),
    "delete_file": (DELETE,),
    "activate_file": (POST,),
    "deactivate_file": (POST,),
    "retry_file": (POST,),
    "withdraw": (POST,),
    "decline": (sent("POST", reason="not ours"),),
    "take_up": (POST,),
    "ask": (sent("POST", question="which month?"),),
    "answer": (sent("POST", answer="May"),),
    "answer_by_receipt": (sent("POST", answer="May"),),
    "add_file": (POST,),
    "replace_files": (
        sent("POST", files=lambda fill: [fill["public_id"]]),
        sent("POST", files=lambda fill: [fill["file_id"]]),
    ),
    "put_files_back": (POST,),
    "get_changes": (
        GET,
        Ask(query="with={public_id}", reads=("public_id",)),
        Ask(query="with={file_id}&key={name}", reads=("name",)),
    ),
    "read_again": (sent("POST"), sent("POST", "wanted", dataset=lambda fill: fill["wanted"])),
    "keep_reading": (POST,),
    "get_lines": (Ask(query="line=1"), Ask(query="line=2&load={load_id}&around=0", reads=("load_id",))),
    "get_lines_by_receipt": (Ask(query="line=1"), Ask(query="line=3&load={load_id}", reads=("load_id",))),
    "get_as_in_file": (GET, Ask(query="load={load_id}", reads=("load_id",))),
    "get_as_in_file_by_receipt": (GET, Ask(query="load={load_id}", reads=("load_id",))),
    "list_rejects": (GET,),
    "mend_rejects": (sent("POST"), sent("POST", "load_id", load=lambda fill: fill["load_id"])),
    "take_back": (sent("POST"), sent("POST", "load_id", load=lambda fill: fill["load_id"])),
    "load_edited": (sent("POST", cells=["1", "2"]),),
    "list_datasets": (GET,),
    "get_profile": (GET,),
    "get_dataset": (GET,),
    "change_reading": (sent("PATCH", day_first=True),),
    "forget_reading": (DELETE,),
    "run_query": (*QUERIES, Ask(query="_format=csv&query=TABLE data.{slug}", reads=("slug",))),
    "plan_sql": QUERIES,
    "describe_dataset_api": (GET,),
    "prepare_export": (
        sent("POST", format="csv"),
        sent("POST", "name", format="xlsx", query=lambda fill: f"_sort={fill['name']}"),
    ),
    "get_export": (GET,),
    "cancel_prepared_export": (DELETE,),
    "get_export_file": (GET,),
    "list_rows": (GET, Ask(query="_format=csv"), Ask(query="_format=ndjson&limit=5")),
    "aggregate_rows": (GET, Ask(query="_group={name}", reads=("name",))),
    "get_columns": (GET,),
    "change_type": (sent("POST", type="text", dry_run=True), sent("POST", type="bigint")),
    "get_dataset_mode": (GET,),
    "change_dataset_mode": (
        sent("PUT", mode="replace"),
        sent("PUT", "name", mode="merge", key=lambda fill: [fill["name"]]),
        sent("PUT", mode="append"),
    ),
    "change_order": (
        sent("PUT", "file_id", files=lambda fill: [fill["file_id"]]),
        sent("PUT", "public_id", files=lambda fill: [fill["public_id"]]),
    ),
    "get_overlaps": (GET,),
    "join": (sent("POST", mode="append"), sent("POST", mode="replace", remember=True)),
    "get_plan": (GET,),
    "answer_plan": (
        sent("POST"),
        sent("POST", dataset=None),
        sent("POST", "name", columns=lambda fill: {fill["name"]: "+"}),
    ),
    "add_dataset_column": (sent("POST", label="note"), sent("POST", "name", label=lambda fill: fill["name"])),
    "change_dataset_column": (sent("PATCH", label="other"), sent("PATCH", description="What it means.")),
    "remove_dataset_column": (DELETE,),
    "change_dataset_strictness": (sent("PUT", strictness="grow"),),
    "change_dataset_guards": (sent("PUT", fewer_rows=20, column_gone=True),),
    "get_dataset_visibility": (GET,),
    "change_dataset_visibility": (sent("PUT", visibility="signed_in"),),
    "change_dataset_about": (sent("PATCH", name="x", description="x", tags=["a"]),),
    "list_saved_views": (GET,),
    "get_saved_view": (GET,),
    "get_dashboard": (GET,),
    "get_history": (GET, Ask(query="after=1")),
    "save_dataset_view": (
        sent("POST", name="All"),
        sent("POST", "name", name="Sorted", query=lambda fill: f"_sort={fill['name']}"),
    ),
    "rename_dataset_view": (sent("PATCH", name="Other"),),
    "delete_dataset_view": (DELETE,),
    "change_null_words": (sent("PUT", words=["none"], dry_run=True), sent("PUT", words=[])),
    "list_news_subscriptions": (GET,),
    "make_news_subscription": (
        sent("POST", target="https://127.0.0.1/"),
        sent("POST", "slug", target="https://127.0.0.1/", dataset=lambda fill: fill["slug"]),
    ),
    "get_news_subscription": (GET,),
    "change_news_subscription": (sent("PATCH", on=False), sent("PATCH", "slug", dataset=lambda fill: fill["slug"])),
    "delete_news_subscription": (DELETE,),
    "renew_news_secret": (POST,),
    "send_news_test": (POST,),
    "list_sent_news": (GET, Ask(query="state=given_up")),
    "send_news_again": (POST,),
    "list_tables": (GET,),
    "adopt_table": (
        sent("POST", "slug", table=_table, dry_run=True),
        sent("POST", "slug", table=_table),
        sent("POST", table="public.uploads_dataset"),
    ),
    "publish_table": (
        sent("POST", "slug", table=_table, dry_run=True),
        sent("POST", "slug", table=_table),
        sent("POST", table="public.uploads_dataset"),
    ),
    "release_table": (POST,),
    "unpublish_table": (POST,),
}
OF_PAGES: dict[str, tuple[Ask, ...]] = {
    "healthz": (GET,),
    "metrics": (GET,),
    "api-docs": (GET,),
    "^api/": (GET,),
    "upload": (GET, Ask(query="dataset={wanted}", reads=("wanted",)), posted("bytes", file=a_file)),
    "sign-in": (GET, posted(username="mara", password="wrong")),
    "sign-out": (GET, POST),
    "change-password": (GET,),
    "reset-password": (GET, posted(email="mara@example.org")),
    "choose-password": (GET,),
    "no-mail": (GET, POST),
    "tokens": (GET, posted("slug", name="x", scope="read", dataset=lambda fill: fill["slug"], days="7")),
    "revoke-token": (POST,),
    "receipt": (GET,),
    "rejects": (GET,),
    "reject_list": (GET,),
    "as-in-file": (GET,),
    "source-lines": (GET, Ask(query="line=2"), Ask(query="line=999")),
    "mend_rejects": (POST,),
    "take_back_mends": (POST,),
    "edit_reject": (GET, posted(cell=["1", "2"])),
    "add-duplicate": (POST,),
    "replace": (GET, posted(file=lambda fill: [str(fill["public_id"])])),
    "put-back": (POST,),
    "answer": (posted(answer="May"),),
    "withdraw": (GET, POST),
    "join": (posted(mode="append"), posted("name", mode="merge", key=lambda fill: fill["name"])),
    "answer-columns": (
        posted(position="1", dataset=""),
        posted("name", position="1", dataset="x", use=lambda fill: [f"{fill['name']}=+"]),
    ),
    "changes": (
        GET,
        Ask(query="with={public_id}&key=account", reads=("public_id",)),
        Ask(query="with={file_id}", reads=("file_id",)),
        Ask(query="with=active&figures=all"),
    ),
    "read-again": (GET, posted(all_text="on")),
    "keep-reading": (POST,),
    "datasets": (GET, Ask(query="_tag=a")),
    "catalogue": (GET,),
    "catalogue-turtle": (GET,),
    "dataset-jsonld": (GET,),
    "dataset-turtle": (GET,),
    "robots": (GET,),
    "sitemap": (GET,),
    "sitemap-part": (GET,),
    "sql": (GET, *QUERIES),
    "dataset": (GET,),
    "chart": (GET, Ask(query="_group={name}&_chart=bar", reads=("name",))),
    "add-filter": (
        Ask(query="column={name}&operator=exact&value=1", reads=("name",)),
        Ask(query="column=account&operator=icontains&value=a&now=_sort%3Daccount"),
    ),
    "choose-columns": (Ask(query="show={name}&now=_sort%3Daccount", reads=("name",)),),
    "saved-views": (
        GET,
        posted(name="All", kind="rows", query=""),
        posted("name", name="By", kind="chart", query=lambda fill: f"_group={fill['name']}"),
    ),
    "saved-view": (GET,),
    "dashboard": (GET, posted("name", view=lambda fill: fill["name"], act="add")),
    "embed-view": (GET,),
    "embed-dashboard": (GET,),
    "rename-view": (posted(name="Other"),),
    "delete-view": (POST,),
    "prepare-export": (
        GET,
        Ask(query="now={name}%3D1&format=csv", reads=("name",)),
        posted(format="csv", now=""),
        posted("name", format="parquet", now=lambda fill: f"_sort={fill['name']}"),
    ),
    "prepared-export": (GET,),
    "cancel-export": (POST,),
    "dataset-history": (GET, Ask(query="page=2")),
    "dataset-profile": (GET,),
    "change-columns": (GET, Ask(query="column={name}&type=bigint", reads=("name",)), posted(null_words="none")),
    "dataset-columns": (
        GET,
        posted(act="add", label="note"),
        posted("name", act="describe", name=lambda fill: fill["name"], description="x"),
        posted(act="strictness", strictness="grow"),
        posted("name", act="index", index=lambda fill: f"order:{fill['name']}"),
        posted("name", act="index", index=lambda fill: f"search:{fill['name']}"),
        posted("name", act="drop_index", index=lambda fill: f"order:{fill['name']}"),
    ),
    "dataset-reading": (GET, posted(day_first="true")),
    "dataset-about": (GET, posted(name="x", description="x", tags="a, b", licence="CC0-1.0")),
    "dataset-visibility": (GET, posted(visibility="signed_in")),
    "dataset-guards": (GET, posted(fewer_rows="20", column_gone="true")),
    "dataset-mode": (
        GET,
        posted(mode="replace"),
        posted("name", mode="merge", key=lambda fill: [fill["name"]]),
        posted("file_id", order=lambda fill: str(fill["file_id"])),
    ),
}
ASKED = {
    **OF_PAGES,
    **{f"api:{name}": asks for name, asks in OF_API.items()},
    **{f"admin:{name}": asks for name, asks in OF_ADMIN.items()},
}

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
        lambda fill: [_table(fill), "--dry-run"],
        lambda fill: [_table(fill), "--json"],
        lambda _: ["public.uploads_dataset", "--merge", "--cast"],
    ),
    "release_table": (_dataset(), _dataset("--json")),
    "publish_table": (
        lambda fill: [_table(fill), "--dry-run"],
        lambda fill: [_table(fill), "--json"],
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

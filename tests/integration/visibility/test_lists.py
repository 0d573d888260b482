"""Wherever datasets are listed it is said who reads each."""

from django.test import Client

from tests.integration.conftest import Pipeline
from tests.integration.staff import make_user
from uploads.services.datasets.rights import change_visibility


def test_every_list_of_datasets_says_who_reads_them(pipeline: Pipeline, client: Client) -> None:
    for name, visibility in (("open", "public"), ("ours", "signed_in"), ("few", "groups")):
        pipeline.load(f"{name}_id;{name}\n1;2\n", f"{name}.csv")
        change_visibility(slug=name, visibility=visibility)
    client.force_login(make_user("boss", is_superuser=True))
    for address in ("/datasets/", "/sql/", "/tokens/", "/", "/admin/uploads/dataset/"):
        page = client.get(address).text
        for readers in ("everybody", "people who are signed in", "people in some groups"):
            assert readers in page, (address, readers)
    listed = {each["slug"]: each["visibility"] for each in client.get("/api/datasets").json()["datasets"]}
    assert listed == {"open": "public", "ours": "signed_in", "few": "groups"}
    client.logout()
    assert "everybody" in client.get("/datasets/").text

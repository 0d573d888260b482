"""A receipt says who will see the rows as the visibility of their dataset has it."""

import pytest
from django.contrib.auth.models import Group
from pytest_django import Settings

from tests.integration.conftest import Pipeline
from uploads.models import Dataset
from uploads.services.datasets.rights import change_visibility
from uploads.services.files.receipts import describe_file
from uploads.services.visibility import ANYBODY, OPERATOR
from uploads.states import Visibility

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("visible", list(Visibility))
def test_rows_of_a_new_dataset_are_for_whom_the_setting_names(
    pipeline: Pipeline, settings: Settings, visible: Visibility
) -> None:
    settings.DATASETS_VISIBLE = visible.value
    assert pipeline.load("a;b\n1;2\n", activate=False).readers == {visible}


def test_rows_that_join_a_dataset_are_for_its_readers(pipeline: Pipeline) -> None:
    pipeline.load("a;b\n1;2\n", "prices.csv", activate=True)
    [prices] = Dataset.objects.all()
    Group.objects.create(name="Sales")
    change_visibility(slug=prices.slug, visibility=Visibility.GROUPS, groups=["Sales"])
    second = pipeline.load("a;b\n3;4\n", "prices.csv", activate=False).file_id
    assert describe_file(file_id=second, viewer=OPERATOR).readers == {Visibility.GROUPS}
    assert describe_file(file_id=second, viewer=ANYBODY).readers == frozenset()

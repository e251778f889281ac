"""One parameter for many keys, on whichever database the tests run."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from lib.among import Among

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("wanted", [[], [0], [0, 2], range(3)])
def test_it_finds_those_that_are_among_the_keys(wanted):
    orgs = [Organization.objects.create(name=name, slug=name) for name in ("a", "b", "c")]
    keys = [orgs[n].pk for n in wanted]
    assert sorted(Organization.objects.filter(Among("pk", keys)).values_list("pk", flat=True)) == sorted(keys)
    assert Organization.objects.filter(Among("pk", keys)).update(name="x") == len(keys)
    assert not Organization.objects.filter(Among("pk", [-1])).exists()


@pytest.mark.parametrize("wanted", [[], ["a"], ["a", "c", "none"]])
def test_keys_may_be_texts(wanted):
    for name in ("a", "b", "c"):
        Organization.objects.create(name=name, slug=name)
    found = Organization.objects.filter(Among("slug", wanted)).order_by("slug")
    assert list(found.values_list("slug", flat=True)) == [name for name in wanted if name != "none"]


def test_thousands_of_keys_are_one_parameter():
    with CaptureQueriesContext(connection) as captured:
        list(Organization.objects.filter(~Among("pk", range(40_000))))
    assert len(captured) == 1

"""What jobs refuse is what the number itself refuses, with the same code, number by number."""

import pytest

from pstn.jobs.base import kind_of, known
from pstn.jobs.reasons import REASONS
from pstn.models import Job
from pstn.models import number_rules as rules
from tests.pstn.jobs.bag import fill

pytestmark = pytest.mark.django_db
# What a number calls a reason and a job calls "nothing to do".
SAME = {"active_already", "there_already", "unassigned"}
RELATED = ("location__connection", "location__emergency_address", "custom_address", "owner", "block")


def verdicts(org, kind, params):
    """The code of each number, as a job says it; blocks as a whole are asked elsewhere."""
    it = kind_of(kind)
    rows = org.phone_numbers.annotate(verdict=it._verdict(org, params))
    return dict(rows.values_list("e164", "verdict"))


def compare(org, kind, params, ask):
    found = verdicts(org, kind, params)
    assert len(found) > 40
    for number in org.phone_numbers.select_related(*RELATED):
        code = ask(number)
        if code in SAME:
            code = "same"
        assert found[number.e164] == code, (number, kind, params)
    return set(found.values())


@pytest.fixture
def places(acme):
    return fill(acme)


def test_activate(acme, places):
    seen = compare(acme, "activate", {}, rules.against_activate)
    assert seen == {"", "same", "extension_only", "pending", "porting", "terms", "no_address"}


def test_deactivate(acme, places):
    def ask(number):
        return "same" if number.state == "inactive" else rules.against_deactivate(number)

    seen = compare(acme, "deactivate", {}, ask)
    assert seen == {"", "same", "extension_only", "not_active", "main", "assigned"}


def test_delete(acme, places):
    seen = compare(acme, "delete", {}, lambda number: rules.against_delete(number, in_whole_block=True))
    assert seen == {"", "main", "assigned", "pending", "porting_order"}


def test_unassign(acme, places):
    assert compare(acme, "unassign", {}, rules.against_unassign) == {"", "same"}


@pytest.mark.parametrize("name", ["Ada Park", "Sales"])
def test_assign(acme, places, name):
    owner = acme.owners.get(name=name)

    def ask(number):
        return "same" if number.owner_id == owner.pk else rules.against_assign(number, owner)

    seen = compare(acme, "assign", {"owner": owner.pk}, ask)
    lines = {"toll_free_line", "contact_center_line"} if owner.is_line else set()
    assert seen == {"", "same", "not_here", "reserved", "elin", "nobody_safe", *lines}


@pytest.mark.parametrize("kind", rules.CHOSEN_KINDS)
def test_retype(acme, places, kind):
    params = kind_of("retype").clean(acme, None, {"kind": kind, "sessions": 7})

    def ask(number):
        is_so = number.kind == kind and number.sessions == params["sessions"]
        return "same" if is_so else rules.against_retype(number, kind)

    seen = compare(acme, "retype", params, ask)
    assert seen >= {"", "extension_only", "fixed_kind", "not_here", "main", "assigned"}


@pytest.mark.parametrize("target", ["hq", "branch", "gateway", "london", "bare", "homeless"])
def test_move(acme, places, target):
    to = acme.locations.select_related("connection", "emergency_address").get(pk=places[target].pk)
    seen = compare(
        acme, "move", {"location": to.pk}, lambda number: rules.against_move(number, to, in_whole_block=True)
    )
    expected = {
        "gateway": "other_provider",
        "london": "other_country",
        "bare": "not_connected",
        "homeless": "no_address_there",
    }
    assert expected.get(target, "extension_there") in seen
    assert seen >= {"extension_only", "same", "not_here", "inactive", "main", "assigned"}


def test_every_code_has_its_sentence(acme, places):
    assert set(known()) >= set(Job.Kind.values) - {"import", "export"}
    for code in {*rules.SENTENCES} - {"active_already", "there_already", "unassigned", "block_moves"}:
        assert code in REASONS, code
    for code in REASONS:
        assert kind_of("move").sentence(code) not in ("", code)

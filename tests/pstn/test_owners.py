"""Whom numbers are for: their pages; and the name in the rows of their numbers, always in step."""

import pytest
from django.apps import apps

from accounts.models import AuditEntry
from lib.transitions import Refused
from pstn import owner_carry
from pstn.models import LocationAdmin, NumberEvent, Owner, OwnerWord
from pstn.workflow import owners as workflow
from tests.factories import make_connected_location, make_number

LIST = "/acme/owners/"


@pytest.fixture
def signed_in(client, eli):
    client.force_login(eli)
    return client


@pytest.fixture
def anita(acme, location):
    return acme.owners.create(name="Anita Pérez-Lee", location=location)


class TestPages:
    def test_found_by_the_beginnings_of_words(self, signed_in, acme, anita, location):
        acme.owners.create(name="Reception", kind="call_queue")
        make_number(location, owner=anita, assigned_to=anita.name)
        page = signed_in.get(LIST, {"q": "lee ani"}).content.decode()
        assert "Anita" in page
        assert "Reception" not in page
        assert '<td class="num end" data-label="Numbers">1</td>' in page
        assert "Nobody matches" in signed_in.get(LIST, {"q": "nita"}).content.decode()
        assert "Reception" in signed_in.get(LIST, {"kind": "call_queue"}).content.decode()

    @pytest.mark.parametrize("count", [1, 60])
    def test_the_list_costs_the_same_however_many(
        self, signed_in, acme, location, count, django_assert_max_num_queries
    ):
        for n in range(count):
            owner = acme.owners.create(name=f"Person {n}")
            make_number(location, f"+1408555{n:04}", owner=owner, assigned_to=owner.name)
        signed_in.get(LIST)
        with django_assert_max_num_queries(5):
            signed_in.get(LIST)

    def test_added(self, signed_in, acme, location):
        response = signed_in.post(
            f"{LIST}new/", {"kind": "workspace", "name": "Lobby", "location": location.pk}
        )
        owner = acme.owners.get()
        assert response.url == owner.get_absolute_url()
        assert (owner.kind, owner.location) == ("workspace", location)
        assert AuditEntry.objects.get(what="owner.add").after["kind"] == "workspace"

    @pytest.mark.parametrize("name", ["anita pérez-lee", "  "])
    def test_not_added(self, signed_in, acme, anita, name):
        response = signed_in.post(f"{LIST}new/", {"kind": "user", "name": name})
        assert response.status_code == 422
        assert acme.owners.count() == 1

    def test_another_name_is_in_all_its_numbers_at_once(self, signed_in, anita, location):
        numbers = [
            make_number(location, f"+1408555014{n}", owner=anita, assigned_to=anita.name) for n in (1, 2)
        ]
        signed_in.post(f"{LIST}{anita.pk}/edit/", {"name": "Anita Park"})
        for number in numbers:
            number.refresh_from_db()
            assert number.assigned_to == "Anita Park"
        assert NumberEvent.unscoped.filter(what="owner_renamed", note="Anita Park").count() == 2
        words = OwnerWord.unscoped.filter(owner=anita).values_list("word", flat=True)
        assert set(words) == {"anita", "park"}

    def test_a_name_that_somebody_took_meanwhile(self, acme, anita, eli):
        acme.owners.create(name="Bo")
        with pytest.raises(Refused, match="already an owner"):
            workflow.edit(anita, name="Bo", location=None, by=eli)
        assert anita.name == "Anita Pérez-Lee"
        with pytest.raises(Refused, match="already an owner"):
            workflow.add(acme, kind="user", name="Bo", by=eli)

    def test_deleted_only_without_numbers(self, signed_in, acme, anita, location):
        number = make_number(location, owner=anita, assigned_to=anita.name)
        url = f"{LIST}{anita.pk}/delete/"
        assert "It still has numbers" in signed_in.get(url).content.decode()
        assert "It still has numbers" in signed_in.post(url, follow=True).content.decode()
        number.delete()
        assert signed_in.post(url).url == LIST
        assert not acme.owners.exists()

    def test_a_location_administrator_changes_only_those_of_their_locations(
        self, client, acme, anita, location, lou
    ):
        LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=location)
        common = acme.owners.create(name="Everybody's")
        far = acme.owners.create(name="Far", location=make_connected_location(acme, name="Elsewhere"))
        client.force_login(lou)
        page = client.get(LIST).content.decode()
        assert "Everybody&#x27;s" in page
        assert ">Far<" not in page
        assert client.get(f"{LIST}{far.pk}/").status_code == 404
        assert client.get(f"{LIST}{common.pk}/").status_code == 200
        assert client.post(f"{LIST}{common.pk}/edit/", {"name": "Mine"}).status_code == 404
        assert client.post(f"{LIST}{anita.pk}/edit/", {"name": "A", "location": ""}).status_code == 422
        assert (
            client.post(f"{LIST}{anita.pk}/edit/", {"name": "A", "location": location.pk}).status_code == 302
        )


class TestNames:
    @pytest.mark.parametrize("count", [2, 80])
    def test_many_names_cost_the_same(self, acme, location, count, django_assert_max_num_queries):
        wanted = [(f"Person {n}", "toll_free" if n % 2 else "standard", location.pk) for n in range(count)]
        with django_assert_max_num_queries(6):
            found = workflow.named_many(acme, wanted)
        assert len(found) == count
        assert {owner.kind for owner in found.values()} == {"user", "auto_attendant"}
        assert OwnerWord.unscoped.count() == count * 2
        assert workflow.named_many(acme, wanted) == found

    def test_the_oldest_of_a_name_is_meant(self, acme, location):
        first = acme.owners.create(name="Desk", kind="workspace")
        acme.owners.create(name="Desk", kind="user")
        assert workflow.named_many(acme, [("Desk", "standard", None)]) == {("Desk", False): first}


class TestCarry:
    """What the migration does with names that are in rows from before."""

    def test_names_become_owners_once(self, acme, globex, location):
        make_number(location, "+14085550141", assigned_to="Anita Perez")
        make_number(location, "+14085550142", assigned_to="Anita Perez")
        make_number(location, "+18885550142", assigned_to="Anita Perez", kind="toll_free")
        make_number(make_connected_location(globex), "+14085550143", assigned_to="Anita Perez")
        make_number(location, "+14085550144")
        owner_carry.carry(apps)
        owner_carry.carry(apps)
        assert sorted(Owner.unscoped.values_list("org__slug", "kind", "name")) == [
            ("acme", "auto_attendant", "Anita Perez"),
            ("acme", "user", "Anita Perez"),
            ("globex", "user", "Anita Perez"),
        ]
        for owner in Owner.unscoped.all():
            assert set(owner.phone_numbers.values_list("org", "assigned_to")) == {(owner.org_id, owner.name)}
        assert acme.owners.get(kind="user").phone_numbers.count() == 2
        assert OwnerWord.unscoped.filter(word="perez").count() == 3

    @pytest.mark.parametrize("count", [1, 40])
    def test_it_costs_the_same_however_many(self, location, count, django_assert_num_queries):
        for n in range(count):
            make_number(location, f"+1408555{n:04}", assigned_to=f"Person {n}")
        with django_assert_num_queries(8):
            owner_carry.carry(apps)

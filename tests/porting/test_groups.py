"""Orders that came of one list: their page, what they share, sending them together, taking one out."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from porting.models import PortOrder
from porting.models.groups import SHARED, GroupStatus, status_of
from pstn.models import LocationAdmin
from tests.factories import make_connected_location
from tests.porting.factories import ACCOUNT, a_date, make_port_order

pytestmark = pytest.mark.django_db
D, R, S, F, C, X = "draft", "rejected", "submitted", "foc_received", "completed", "canceled"


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ([], "draft"),
        ([D, D], "draft"),
        ([D, X], "draft"),
        ([D, S], "in_progress"),
        ([S, F], "in_progress"),
        ([F, X], "in_progress"),
        ([R, C], "needs_attention"),
        ([S, "awaiting_signature"], "needs_attention"),
        (["activation_failed", C], "needs_attention"),
        ([F, C], "partial"),
        ([D, C], "partial"),
        ([X, C], "partial"),
        ([C, "verified", "messaging_pending"], "completed"),
        ([X, "abandoned", "expired"], "canceled"),
    ],
)
def test_the_status_follows_from_the_orders(states, status):
    assert status_of(states) == status


@given(st.lists(st.sampled_from(PortOrder.State.values)), st.randoms())
def test_every_mix_has_a_status_whatever_the_order(states, random):
    once = status_of(states)
    random.shuffle(states)
    assert status_of(states + states) == once
    assert once in GroupStatus
    assert once.label
    assert once.tone


@pytest.fixture
def group(acme, ada, office, carrier):
    """One order that is ready, one that lacks its papers."""
    shared = {name: ACCOUNT[name] for name in SHARED if name in ACCOUNT}
    group = acme.port_groups.create(created_by=ada, location=office, requested_date=a_date(), **shared)
    make_port_order(acme, group=group, requested_date=group.requested_date)
    make_port_order(
        acme,
        group=group,
        requested_date=group.requested_date,
        numbers=("+14085550210",),
        bill=False,
        signed=False,
    )
    return group


@pytest.fixture
def page(group, ada, signed_in):
    def page(verb="detail", person=ada, **data):
        address = reverse(f"porting:group_{verb}", args=["acme", group.pk])
        client = signed_in(person)
        return client.get(address) if verb == "detail" else client.post(address, data)

    return page


@pytest.fixture
def form(group):
    def form(**changes):
        stored = {name: value for name, value in group.shared().items() if value}
        stored |= {"location": group.location_id, "requested_date": group.requested_date.isoformat()}
        return {"version": str(group.version), **stored, **changes}

    return form


def orders_of(group):
    return list(group.orders.whole().order_by("pk"))


def text(response):
    return " ".join(response.content.decode().split())


def test_the_page_says_what_each_order_lacks_and_where(group, page, url):
    ready, lacking = orders_of(group)
    response = page()
    assert response.status_code == 200
    assert "Nothing is missing: it can be submitted." in text(response)
    assert "Upload the last bill." in text(response)
    assert url("order_step", lacking, "bill") in text(response)
    assert url("order_step", ready, "review") in text(response)
    assert response.context["status"] == "draft"


def test_all_that_are_ready_are_submitted(group, page):
    assert "Submit the 1 that is ready" in text(page())
    page("submit")
    assert [order.state for order in orders_of(group)] == ["submitted", "draft"]
    assert page().context["status"] == "in_progress"
    page("submit")
    assert [order.attempt for order in orders_of(group)] == [1, 0]


def test_one_that_is_refused_does_not_stop_the_others(group, acme, office, page):
    twin = make_port_order(acme, group=group)  # the same numbers: one of the two cannot be sent
    response = page("submit")
    assert sorted(order.state for order in orders_of(group)) == ["draft", "draft", "submitted"]
    assert response.status_code == 302
    assert twin.reference in text(page())


def test_drafts_follow_what_is_shared(group, page, form):
    page("edit", **form(company_name="Acme Holdings", notify="a@b.example; c@d.example"))
    assert {order.company_name for order in orders_of(group)} == {"Acme Holdings"}
    assert {order.notify for order in orders_of(group)} == {"a@b.example, c@d.example"}
    assert [order.version for order in orders_of(group)] == [1, 1]
    group.refresh_from_db()
    assert (group.company_name, group.version) == ("Acme Holdings", 1)


def test_an_own_edit_overrides_and_can_be_taken_back(group, page, form, ada, signed_in, url):
    one, _other = orders_of(group)
    account = {**ACCOUNT, "pin": "", "address_line2": "", "full_port": "True", "remaining": "", "new_btn": ""}
    client = signed_in(ada)
    client.post(url("order_step", one, "carrier"), {**account, "company_name": "Acme East", "version": "0"})
    one.refresh_from_db()
    assert one.overrides == ["company_name"]
    panel = text(client.get(one.get_absolute_url()))
    assert "Different from the group" in panel
    assert "shared: Acme, Inc." in panel
    page("edit", **form(company_name="Acme Holdings", city="Palo Alto"))
    assert [order.company_name for order in orders_of(group)] == ["Acme East", "Acme Holdings"]
    assert {order.city for order in orders_of(group)} == {"Palo Alto"}
    client.post(url("order_use_shared", one), {"field": "company_name"})
    one.refresh_from_db()
    assert (one.company_name, one.overrides) == ("Acme Holdings", [])
    assert "Different from the group" not in text(client.get(one.get_absolute_url()))


@pytest.mark.parametrize("name", ["pin", "account_number", "state", "company_name", ""])
def test_only_what_is_overridden_can_be_taken_back(group, ada, signed_in, url, name):
    one, _other = orders_of(group)
    signed_in(ada).post(url("order_use_shared", one), {"field": name})
    one.refresh_from_db()
    assert (one.version, one.state, one.account_number) == (0, "draft", ACCOUNT["account_number"])


def test_sent_orders_stay_as_they_are(group, acme, page, form):
    sent = make_port_order(acme, state="submitted", group=group, numbers=("+14085550310",))
    page("edit", **form(company_name="Acme Holdings"))
    sent.refresh_from_db()
    assert (sent.company_name, sent.version) == ("Acme, Inc.", 0)


def test_a_stale_tab_changes_nothing(group, page, form, eli):
    page("edit", person=eli, **form(company_name="Acme Faster"))
    response = page("edit", **form(company_name="Acme Slower", version="0"))
    assert response.status_code == 409
    assert "Eli Stone changed this" in text(response)
    assert response.context["form"]["company_name"].value() == "Acme Slower"
    group.refresh_from_db()
    assert group.company_name == "Acme Faster"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("notify", "nobody", "nobody is not an e-mail address."),
        ("address_line1", "PO Box 12", "A PO box is not where service is installed."),
        ("postal_code", "9511", "ZIP"),
        ("requested_date", "2020-01-01", "Choose one of the dates offered."),
        ("location", "", "required"),
    ],
)
def test_bad_input_gets_a_sentence_and_stays(group, page, form, field, value, sentence):
    response = page("edit", **form(**{field: value}))
    assert response.status_code == 422
    assert sentence in str(response.context["form"].errors[field])
    group.refresh_from_db()
    assert group.version == 0


def test_a_location_of_another_organization_is_not_offered(group, page, form, globex):
    other = make_connected_location(globex)
    assert page("edit", **form(location=other.pk)).status_code == 422


def test_an_order_is_taken_out(group, ada, signed_in, url, page):
    one, other = orders_of(group)
    signed_in(ada).post(url("order_detach", one))
    assert [order.pk for order in orders_of(group)] == [other.pk]
    assert "Taken out of the group" in text(page())
    signed_in(ada).post(url("order_detach", one))  # pressed twice
    assert group.events.filter(verb="detach").count() == 1


def test_who_only_looks_sees_the_page_and_changes_nothing(group, page, form, vic):
    response = page(person=vic)
    assert response.status_code == 200
    assert "Submit" not in text(response)
    assert response.context["form"] is None
    for verb in ("submit", "align", "edit"):
        assert page(verb, person=vic, **form()).status_code == 403


def test_a_location_administrator_needs_all_of_its_locations(group, acme, lou, page, ada, signed_in):
    elsewhere = make_connected_location(acme, name="Lou's office")
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=group.location)
    assert page(person=lou).status_code == 200
    group.orders.filter(pk=orders_of(group)[0].pk).update(location=elsewhere)
    assert page(person=lou).status_code == 404


def test_the_list_names_the_group_beside_the_order(group, ada, signed_in):
    listed = signed_in(ada).get("/acme/orders/")
    assert text(listed).count(f">{group.reference}</a>") == 2


def test_the_order_names_its_siblings(group, ada, signed_in):
    one, other = orders_of(group)
    panel = text(signed_in(ada).get(one.get_absolute_url()))
    assert f"Group {group.reference}" in panel
    assert other.get_absolute_url() in panel


def test_the_page_costs_a_fixed_number_of_queries(group, acme, page):
    def count():
        page()
        with CaptureQueriesContext(connection) as queries:
            page()
        return len(queries)

    few = count()
    for n in range(6):
        make_port_order(acme, group=group, state="submitted", numbers=(f"+1408555041{n}",))
    assert count() == few

"""The case desk: every list opens with a fixed number of queries, history cannot be edited, writes are audited."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry, Membership, Organization, Role, User
from notifications.models import MailboxEntry, Message
from pstn.models import LocationAdmin
from tests.factories import make_connected_location, make_number, make_number_order

OURS = ("accounts", "pstn", "porting", "emergency", "notifications")
DESKS = {
    model._meta.label_lower: desk
    for model, desk in admin.site._registry.items()
    if model._meta.app_label in OURS
}
EDITABLE = {"accounts.organization", "accounts.user", "pstn.location", "porting.feeband"}

# Adding one asks for the paper or sends the message, and nobody edits it afterwards.
ASKED_FOR = {
    "porting.documentrequest",
    "porting.portmessage",
    "pstn.numberoffer",
    "pstn.numberordermessage",
}


def address(model, page, *args):
    return reverse(f"admin:{model.replace('.', '_')}_{page}", args=args)


def make_everything(org, n):
    """One row of many kinds, with rows below."""
    location = make_connected_location(org, name=f"Place {n}")
    number = make_number(location, f"+1408555{n:04}")
    org.preparations.create(number=number, assigned_to="Anita")
    org.emergency_addresses.create(number=number, line1="7 Own Street", city="San Jose", postal_code="95112")
    order = make_number_order(location, (f"+1408556{n:04}",))
    order.events.create(before="draft", after="pending")
    job = org.jobs.create(kind="activate", key=str(n))
    job.errors.create(e164=number.e164, code="gone")
    org.number_imports.create(original_name="Numbers.csv", size=1, job=job)
    org.number_exports.create(format="csv", until=timezone.now())
    org.resting_numbers.create(e164=f"+1408558{n:04}", location=location, until=timezone.now())
    port = org.port_orders.create(location=location, account_number="ACCT-5523", pin="74839201")
    port.numbers.create(e164=f"+1408557{n:04}")
    port.events.create(before="draft", after="checking")
    port.document_requests.create(kind="other")
    port.messages.create(side="support", text="Which suite?")
    port.warnings.create(since=port.moved_at, day=3, sent_at=port.moved_at)
    location.emergency_address.events.create(before="unchecked", after="validated", text="x")
    org.number_events.create(e164=f"+1408555{n:04}", what="added")
    Message.objects.create(
        org=org, event=f"e:{n}", kind="order_placed", to="x@acme.example", subject="Hi", message_id=str(n)
    )
    MailboxEntry.objects.create(to="x@acme.example", subject="Hi")
    audit.record("location.add", location)
    return port


def test_the_desk_shows_the_icon_of_the_console(admin_client):
    """Without one, browsers ask for /favicon.ico, which is not there."""
    for page in ("admin:index", "admin:pstn_numberorder_changelist"):
        assert b'<link rel="icon" href="/static/icon' in admin_client.get(reverse(page)).content


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


@pytest.mark.parametrize("model", sorted(DESKS))
def test_every_list_opens_and_costs_the_same_for_one_and_for_many(
    desk, acme, model, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page, counts = address(model, "changelist"), []
    for more in (1, 12):
        for n in range(more):
            make_everything(acme, more * 100 + n)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(page).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 12


@pytest.mark.parametrize("model", sorted(DESKS))
def test_every_list_can_be_searched(desk, acme, model):
    make_everything(acme, 1)
    if DESKS[model].search_fields:
        assert desk.get(address(model, "changelist"), {"q": "acme"}).status_code == 200
        assert desk.get(address(model, "changelist"), {"q": "1"}).status_code == 200


@pytest.mark.parametrize("model", sorted(DESKS))
def test_every_thing_opens(desk, acme, ada, model):
    make_everything(acme, 1)
    row = DESKS[model].model._base_manager.first()
    if row is not None:
        assert desk.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", sorted(set(DESKS) - EDITABLE - ASKED_FOR))
def test_what_verbs_move_and_history_can_only_be_read(desk, acme, model):
    make_everything(acme, 1)
    row = DESKS[model].model._base_manager.first()
    assert desk.get(address(model, "add")).status_code == 403
    if row is not None:
        assert desk.post(address(model, "change", row.pk), {"state": "done"}).status_code == 403
        assert desk.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", sorted(EDITABLE - {"porting.feeband"}))
def test_organizations_people_and_places_are_never_deleted(desk, acme, ada, model):
    make_everything(acme, 1)
    row = DESKS[model].model._base_manager.first()
    assert desk.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_what_late_changes_cost_is_kept_here(desk, staff):
    band = {"kind": "cancel", "under_hours": "48", "amount": "12.50"}
    assert desk.post(address("porting.feeband", "add"), {**band, "amount": "-1"}).status_code == 200
    assert desk.post(address("porting.feeband", "add"), band).status_code == 302
    row = DESKS["porting.feeband"].model.objects.get()
    assert AuditEntry.objects.get(what="feeband.add").actor == staff
    assert desk.post(address("porting.feeband", "delete", row.pk), {"post": "yes"}).status_code == 302
    assert not DESKS["porting.feeband"].model.objects.exists()


def test_secrets_of_an_order_are_shown_as_a_mark(desk, acme):
    port = make_everything(acme, 1)
    for page in (address("porting.portorder", "changelist"), address("porting.portorder", "change", port.pk)):
        content = desk.get(page).content.decode()
        assert "ACCT-5523" not in content
        assert "74839201" not in content
    assert content.count("•••") == 2


def test_a_list_counts_at_most_ten_thousand_rows(acme):
    from django.contrib.auth import get_user_model

    from accounts.desk import BoundedPaginator

    paginator = BoundedPaginator(get_user_model().objects.order_by("pk"), 50)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("accounts.desk.bounded_count", lambda rows: (10_000, True))
        assert paginator.count == 10_000
        assert paginator.num_pages == 200


def test_a_new_organization_is_in_the_audit_log_as_staffs_doing(desk, staff):
    desk.post(
        address("accounts.organization", "add"), {"name": "Contoso", "slug": "contoso", "kind": "customer"}
    )
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.acting_as, entry.actor) == ("organization.add", "staff", staff)
    assert entry.org == Organization.objects.get(slug="contoso")
    assert entry.after["name"] == "Contoso"
    assert entry.ip == "127.0.0.1"


def test_a_change_is_recorded_with_what_it_was_before(desk, acme):
    page = address("accounts.organization", "change", acme.pk)
    desk.post(page, {"name": "Acme Corporation", "kind": "customer", "partner": acme.partner_id})
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.before, entry.after) == (
        "organization.change",
        {"name": "Acme"},
        {"name": "Acme Corporation"},
    )


def test_saving_without_a_change_records_nothing(desk, acme):
    page = address("accounts.organization", "change", acme.pk)
    desk.post(page, {"name": "Acme", "kind": "customer", "partner": acme.partner_id})
    assert not AuditEntry.objects.exists()


def test_the_slug_of_an_organization_stays(desk, acme):
    page = address("accounts.organization", "change", acme.pk)
    desk.post(page, {"name": "Acme", "slug": "other", "kind": "customer"})
    acme.refresh_from_db()
    assert acme.slug == "acme"


def person_form(person, memberships=(), initial=0, **fields):
    rows = {
        f"memberships-{n}-{name}": value for n, row in enumerate(memberships) for name, value in row.items()
    }
    return {
        "email": person.email,
        "name": person.name,
        "is_active": "on",
        "theme": "system",
        "density": "comfortable",
        "time_zone": "America/Los_Angeles",
        "memberships-TOTAL_FORMS": len(memberships),
        "memberships-INITIAL_FORMS": initial,
        **rows,
        **fields,
    }


def test_a_person_is_added_with_an_address_in_lower_case(desk):
    desk.post(
        address("accounts.user", "add"),
        {
            "email": "New.Person@Acme.Example",
            "name": "New Person",
            "usable_password": "true",
            "password1": "correct horse battery",
            "password2": "correct horse battery",
            "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0,
        },
    )
    person = User.objects.get(email="new.person@acme.example")
    assert person.check_password("correct horse battery")
    entry = AuditEntry.objects.get()
    assert entry.what == "user.add"
    assert "correct horse" not in str(entry.after)


def test_a_membership_that_is_given_changed_and_taken_is_recorded(desk, ada, globex):
    ada.memberships.all().delete()
    page = address("accounts.user", "change", ada.pk)
    desk.post(page, person_form(ada, [{"org": globex.pk, "user": ada.pk, "role": "read_only"}]))
    membership = Membership.objects.get(user=ada)
    row = {"id": membership.pk, "org": globex.pk, "user": ada.pk, "role": "full_admin"}
    desk.post(page, person_form(ada, [row], initial=1))
    desk.post(page, person_form(ada, [{**row, "DELETE": "on"}], initial=1))
    entries = AuditEntry.objects.filter(org=globex).order_by("pk")
    assert [entry.what for entry in entries] == ["membership.add", "membership.change", "membership.delete"]
    assert entries[1].after == {"role": "full_admin"}


def test_a_time_zone_that_does_not_exist_is_refused(desk, ada):
    response = desk.post(address("accounts.user", "change", ada.pk), person_form(ada, time_zone="Mars/Base"))
    assert response.status_code == 200
    ada.refresh_from_db()
    assert ada.time_zone == "America/Los_Angeles"


def test_a_new_password_is_recorded_but_not_what_it_is(desk, ada):
    page = reverse("admin:auth_user_password_change", args=[ada.pk])
    secret = "a wholly new password"
    desk.post(page, {"usable_password": "true", "password1": secret, "password2": secret})
    ada.refresh_from_db()
    assert ada.check_password(secret)
    entry = AuditEntry.objects.get()
    assert entry.what == "user.password"
    assert secret not in str((entry.before, entry.after))


def test_a_new_password_of_ones_own_is_recorded_too(desk, staff):
    staff.set_password("the former password")
    staff.save()
    desk.force_login(staff)
    secret = "a wholly new password"
    form = {"old_password": "the former password", "new_password1": secret, "new_password2": secret}
    desk.post(reverse("admin:password_change"), form)
    staff.refresh_from_db()
    assert staff.check_password(secret)
    assert [(entry.what, entry.actor) for entry in AuditEntry.objects.all()] == [("user.password", staff)]


@pytest.fixture
def clerk(db):
    """Support staff who may edit people, and is no superuser."""
    from django.contrib.auth.models import Permission

    clerk = User.objects.create_user("clerk@pstnhub.example", "Cleo Clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    return clerk


def test_who_edits_people_cannot_make_themselves_more_than_that(client, clerk):
    client.force_login(clerk)
    form = person_form(clerk, is_staff="on", is_superuser="on")
    client.post(address("accounts.user", "change", clerk.pk), form)
    clerk.refresh_from_db()
    assert not clerk.is_superuser


def test_who_edits_people_cannot_take_over_a_superuser(client, clerk, staff):
    client.force_login(clerk)
    form = person_form(staff, email="mine@evil.example")
    assert client.post(address("accounts.user", "change", staff.pk), form).status_code == 403
    page = reverse("admin:auth_user_password_change", args=[staff.pk])
    assert client.post(page, {"password1": "x" * 20, "password2": "x" * 20}).status_code == 403


def test_only_the_organizations_location_administrators_can_be_given_a_location(
    desk, acme, lou, ada, mallory
):
    location = make_connected_location(acme)
    page = address("pstn.location", "change", location.pk)
    field = desk.get(page).context["inline_admin_formsets"][0].formset.empty_form.fields["membership"]
    assert [member.user for member in field.queryset] == [lou]
    desk.post(
        page,
        {
            "administrators-TOTAL_FORMS": 1,
            "administrators-INITIAL_FORMS": 0,
            "administrators-0-membership": lou.memberships.get().pk,
            "administrators-0-location": location.pk,
        },
    )
    assert LocationAdmin.unscoped.get().membership.user == lou
    assert AuditEntry.objects.get(what="locationadmin.add").org == acme


def test_a_message_that_was_given_up_can_be_sent_again(
    desk, acme, staff, mailoutbox, django_capture_on_commit_callbacks
):
    make_everything(acme, 1)
    Message.objects.update(tries=20, error="ConnectionRefusedError: no server")
    page = address("notifications.message", "changelist")
    assert desk.get(page, {"fate": "given_up"}).context["cl"].result_count == 1
    chosen = [Message.objects.get().pk]
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page, {"action": "try_again", "_selected_action": chosen})
    assert len(mailoutbox) == 1
    assert desk.get(page, {"fate": "sent"}).context["cl"].result_count == 1
    assert desk.get(page, {"fate": "waiting"}).context["cl"].result_count == 0
    assert AuditEntry.objects.filter(what="message.try_again", actor=staff).count() == 1


def test_people_who_are_not_staff_get_no_desk(client, ada):
    client.force_login(ada)
    assert client.get(reverse("admin:index")).status_code in (302, 403, 404)
    assert client.get(address("accounts.organization", "changelist")).status_code in (302, 403, 404)


def test_staff_signs_in_where_everybody_does(client, db):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_a_role_of_the_case_desk_shows_only_what_it_may_see(client, clerk, acme):
    make_everything(acme, 1)
    client.force_login(clerk)
    assert client.get(address("accounts.auditentry", "changelist")).status_code == 200
    assert client.get(address("porting.portorder", "changelist")).status_code == 403


def test_every_model_of_ours_with_a_life_is_on_the_desk():
    from django.apps import apps

    below = {"accounts.membership", "pstn.locationadmin", "pstn.connectionevent", "pstn.numberorderline"}
    below |= {"porting.portednumber", "porting.portoutnumber", "porting.testcall", "porting.cutoverday"}
    below |= {"porting.billreading", "pstn.ownerword", "pstn.tag", "pstn.numbertag"}
    below |= {"pstn.jobwas", "pstn.importline", "pstn.savedview", "pstn.usualview"}
    below |= {"pstn.numbertally", "pstn.thousandtally"}  # kept by the database
    ours = {m._meta.label_lower for app in OURS for m in apps.get_app_config(app).get_models()}
    assert ours - set(DESKS) == below


def test_roles_are_all_on_the_form():
    assert {value for value, _ in Membership._meta.get_field("role").choices} == set(Role.values)

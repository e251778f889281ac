"""The organization's side: who asks whom for what, sends it again, revokes it, and sees how far it is."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from lib.transitions import Refused
from porting import links
from porting.models import PortOrder
from porting.tasks import links as tasks
from porting.workflow import orders as workflow
from tests.porting.factories import make_link, make_port_order
from tests.porting.links.opening import again, kinds, let_in, page, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def test_sent_again_the_old_address_is_dead(order, ask, outsider, signed_in, ada, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    link, old = ask()
    let_in(outsider, old)
    time_machine.shift(61)
    signed_in(ada).post(reverse("porting:link_send", args=["acme", order.pk, link.pk]))
    new = token_of(mail.outbox[-1])
    assert new != old
    assert outsider.get(page(old)).status_code == 404
    assert "Is it you?" in outsider.get(page(new)).text
    assert again(link).expires_at == timezone.now() + timedelta(days=7)


def test_it_is_not_sent_again_and_again(ask, ada):
    link, _token = ask()
    with pytest.raises(Refused, match="a moment ago"):
        links.send_again(link, by=ada.memberships.get())


def test_an_expired_link_can_be_sent_again_and_a_closed_one_not(order, ada):
    by = ada.memberships.get()
    expired = make_link(order, expires_at=timezone.now() - timedelta(days=1))
    links.send_again(expired, by=by)
    assert again(expired).is_alive
    for fields in ({"done_at": timezone.now()}, {"revoked_at": timezone.now()}):
        with pytest.raises(Refused):
            links.send_again(make_link(order, **fields), by=by)


def test_revoking_twice_is_refused(ask, ada):
    link, _token = ask()
    links.revoke(link, by=ada)
    with pytest.raises(Refused):
        links.revoke(link, by=ada)
    assert kinds(link).count("revoke") == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "jane", "valid email"),
        ("email", "", "required"),
        ("name", "", "required"),
        ("note", "see http://evil.example", "web addresses"),
        ("note", "www.evil.example", "web addresses"),
        ("note", "x" * 301, "at most 300"),
        ("days", "31", "valid choice"),
        ("purpose", "everything", "valid choice"),
    ],
)
def test_bad_input_gets_its_sentence_and_stays(signed_in, ada, order, field, value, said):
    data = {"purpose": "bill", "email": "jane@books.example", "name": "Jane", "days": 7, field: value}
    answer = signed_in(ada).post(reverse("porting:link_create", args=["acme", order.pk]), data)
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors[field])
    assert not order.links.exists()


def test_an_order_has_at_most_ten_open_links(order, ask, signed_in, ada):
    for _ in range(10):
        make_link(order)
    data = {"purpose": "bill", "email": "jane@books.example", "name": "Jane", "days": 7}
    answer = signed_in(ada).post(reverse("porting:link_create", args=["acme", order.pk]), data)
    assert answer.status_code == 409
    assert "Revoke one first" in answer.text


@pytest.mark.parametrize("state", ["submitted", "completed"])
def test_of_an_order_that_was_sent_nobody_is_asked(acme, office, signed_in, ada, state):
    order = make_port_order(acme, state=state)
    url = reverse("porting:link_create", args=["acme", order.pk])
    assert "was sent" in signed_in(ada).get(url).text
    data = {"purpose": "bill", "email": "jane@books.example", "name": "Jane", "days": 7}
    assert signed_in(ada).post(url, data).status_code == 422


def test_partners_ask_but_a_signature_goes_to_no_partner(order, ask, paula, signed_in, partner):
    assert ask("signature", by=paula)
    for email in ("paula@partner.example", "Paula@Partner.Example"):
        data = {"purpose": "signature", "email": email, "name": "Paula", "days": 7}
        answer = signed_in(paula).post(reverse("porting:link_create", args=["acme", order.pk]), data)
        assert answer.status_code == 422
        assert "partner cannot sign" in " ".join(answer.context["form"].errors["email"])


def test_whoever_may_not_sign_in_the_console_does_not_sign_by_link(order, signed_in, eli, vic):
    for email in ("vic@acme.example", "eli@acme.example"):
        data = {"purpose": "signature", "email": email, "name": "X", "days": 7}
        answer = signed_in(eli).post(reverse("porting:link_create", args=["acme", order.pk]), data)
        assert answer.status_code == 422


def test_the_card_tells_everything_to_members(order, ask, outsider, signed_in, vic, ada):
    _link, token = ask(note="private words")
    outsider.post(page(token, "code"))
    text = signed_in(vic).get(order.get_absolute_url()).text
    for told in ("Asked by link", "Jane Doe", "jane@books.example", "Opened; a code was sent", "E-mail sent"):
        assert told in text
    assert token not in text
    assert "/send/" not in text
    assert "/revoke/" in signed_in(ada).get(order.get_absolute_url()).text


def test_the_card_costs_the_same_with_many_links(order, ada, django_assert_num_queries):
    membership = ada.memberships.select_related("org", "user").get()
    for _ in range(2):
        for _ in range(3):
            tasks.links.note_sending(make_link(order))
        with django_assert_num_queries(2):
            shown = links.card(order, membership)
            [(str(link.by), link.standing, [str(e.by) for e in link.events.all()]) for link in shown["links"]]


def test_the_steps_of_the_wizard_lead_there(order, signed_in, ada, url):
    for step, purpose in (("bill", "bill"), ("carrier", "pin"), ("loa", "signature")):
        text = signed_in(ada).get(url("order_step", order, step)).text
        assert f"links/new/?purpose={purpose}" in text


def test_discarding_the_draft_ends_its_links(order, ask, outsider, ada):
    _link, token = ask()
    workflow.discard(PortOrder.unscoped.get(pk=order.pk), by=ada)
    assert outsider.get(page(token)).status_code == 404


def test_another_organizations_link_is_not_there(order, signed_in, mallory, globex):
    link = make_link(order)
    for name in ("link_send", "link_revoke"):
        for slug in ("acme", "globex"):
            answer = signed_in(mallory).post(reverse(f"porting:{name}", args=[slug, order.pk, link.pk]))
            assert answer.status_code == 404
    assert again(link).is_alive

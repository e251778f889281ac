"""The numbers step: pasted lists, verdicts while typing, what is kept, what blocks."""

import pytest

from carrier.base import Portability, Portable
from tests.factories import make_number
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db
MESS = "(408) 555-0110\n+1 408.555.0111; 4085550112 ext 9\n408-555-0120 - 24"


@pytest.fixture
def draft(acme, ada, office, carrier):
    return acme.port_orders.create(created_by=ada, location=office)


@pytest.fixture
def save(ada, draft, signed_in, url):
    def post(text, then="", version="0"):
        data = {"numbers": text, "version": version, "then": then}
        return signed_in(ada).post(url("order_step", draft, "numbers"), data)

    return post


def outcomes(response):
    return {line.e164 or line.text: line.outcome.value for line in response.context["reading"].lines}


def test_a_messy_list_is_saved(draft, save, carrier):
    response = save(MESS)
    draft.refresh_from_db()
    assert response.status_code == 302
    assert draft.number_count == 8
    assert set(draft.numbers.values_list("portable", "losing_carrier")) == {("yes", "Valley Telephone")}
    assert draft.losing_carrier == "Valley Telephone"


def test_one_question_to_the_carrier_for_a_thousand_numbers(draft, save, carrier):
    assert save("408-555-0000 - 0999").status_code == 302
    assert [len(asked) for asked in carrier.asked] == [1000]


def test_more_than_a_thousand_numbers_are_too_many(draft, save):
    response = save("408-555-0000 - 0999\n408-555-1000")
    assert response.status_code == 422
    assert "over the limit of 1000" in response.content.decode()


def test_over_a_hundred_is_a_project(draft, save):
    response = save("408-555-0000 - 0100", then="check")
    assert b"project order" in response.content


def test_each_line_gets_its_verdict(acme, ada, draft, office, carrier, signed_in, url):
    make_number(office, "+14085550001")
    carrier.answers["+14085550002"] = Portability("+14085550002", Portable.NO, "no_carrier")
    carrier.answers["+14085550003"] = Portability("+14085550003", Portable.LOOK, "inactive")
    text = "4085550001\n4085550002\n4085550003\n4085550004\n4085550004\n12ab\n8005550100"
    page = signed_in(ada).post(url("order_verdicts", draft), {"numbers": text})
    assert outcomes(page) == {
        "+14085550001": "yours",
        "+14085550002": "not_portable",
        "+14085550003": "look",
        "+14085550004": "portable",
        "4085550004": "duplicate",
        "12ab": "invalid",
        "+18005550100": "apart",
    }
    assert "No carrier has this number in service." in page.content.decode()
    assert not draft.numbers.exists()


def test_what_needs_a_look_may_be_saved(draft, save, carrier):
    carrier.answers["+14085550110"] = Portability("+14085550110", Portable.LOOK, "rate_center")
    assert save("4085550110").status_code == 302
    assert draft.numbers.get().portable == "look"


def test_what_cannot_be_ported_blocks_and_stays_typed(draft, save, carrier):
    carrier.answers["+14085550110"] = Portability("+14085550110", Portable.NO, "ours")
    response = save("4085550110\n4085550111")
    assert response.status_code == 422
    assert "1 number cannot be ported" in response.content.decode()
    assert response.context["form"]["numbers"].value() == "4085550110\n4085550111"
    assert not draft.numbers.exists()


def test_only_the_good_ones_can_be_left_in_the_list(draft, save, carrier):
    carrier.answers["+14085550110"] = Portability("+14085550110", Portable.NO, "ours")
    response = save("4085550110\n4085550111", then="clean")
    assert response.context["form"]["numbers"].value() == "+1 408-555-0111"


def test_leaving_loses_nothing_of_what_was_typed(draft, save, ada, signed_in, url):
    response = save("4085550111\n12ab", then="leave")
    draft.refresh_from_db()
    assert response.url == "/acme/orders/"
    assert draft.number_count == 1
    assert draft.why_missing()["numbers"] == "Some lines of the list need a look."
    page = signed_in(ada).get(url("order_step", draft, "numbers"))
    assert page.context["form"]["numbers"].value() == "4085550111\n12ab"
    save("4085550111", version="1")
    draft.refresh_from_db()
    assert "numbers" not in draft.missing()


def test_without_an_answer_the_numbers_are_saved_unchecked(draft, save, carrier):
    carrier.down = True
    assert "does not answer" in save("4085550110", then="check").content.decode()
    assert save("4085550110").status_code == 302
    assert draft.numbers.get().portable == ""


def test_nothing_typed_gets_a_sentence(draft, save):
    response = save("  \n ")
    assert response.status_code == 422
    assert "Enter at least one number." in response.content.decode()


def test_a_shorter_list_removes_and_a_longer_one_adds(draft, save):
    save("4085550110\n4085550111")
    save("4085550111\n4085550112", version="1")
    assert set(draft.numbers.values_list("e164", flat=True)) == {"+14085550111", "+14085550112"}


def test_12000_characters_in_one_request(draft, save, carrier):
    lines = "\n".join(f"(408) 555-{number:04}" for number in range(800))
    assert len(lines) >= 11_900
    assert save(lines, then="check").status_code == 200
    assert len(carrier.asked) == 1


def test_the_table_is_bounded(draft, save):
    page = save("408-555-0000 - 0499", then="check").content.decode()
    assert page.count("<tr") == 101
    assert "and 400 more" in page


def test_a_number_that_leaves_a_rejected_order_leaves_the_inventory(
    acme, ada, office, carrier, signed_in, url
):
    order = make_port_order(acme, state="rejected", reject_code="tn_mismatch")
    data = {"numbers": "4085550110\n4085550111", "version": "0"}
    signed_in(ada).post(url("order_step", order, "numbers"), data)
    assert set(acme.phone_numbers.values_list("e164", flat=True)) == {"+14085550110", "+14085550111"}

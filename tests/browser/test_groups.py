"""Ada brings one list with numbers of three carriers: the plan, the orders that come of it, what they share."""

import pytest

from accounts.models import Organization, User

LIST = "408-555-0160 - 62\n415-555-0160\n415-555-0161\n800-555-0160"


@pytest.fixture
def plan(visitor):
    """A draft whose list has been read; its plan is open."""
    acme = Organization.objects.get(slug="acme")
    ada = User.objects.get(email="ada@acme.example")
    order = acme.port_orders.create(created_by=ada, location=acme.locations.get(name="Austin office"))
    visitor.is_signed_in(ada)
    visitor.goes_to(f"/acme/orders/{order.reference}/edit/numbers/")
    visitor.types("Phone numbers", LIST)
    visitor.presses("Next")
    visitor.page.wait_for_url("**/edit/plan/")
    return order


def test_one_list_becomes_several_orders(visitor, plan):
    visitor.sees("This becomes 3 orders.")
    visitor.sees("Toll-free numbers move through their registry.")
    visitor.finds_it_accessible()
    visitor.page.get_by_label("+1 408-555-0162").check()
    visitor.chooses("Put the ticked numbers into", "Order 3 (Crestline Toll-Free)")
    visitor.presses("Move", exact=True)
    visitor.sees("Toll-free numbers cannot share an order with others")
    visitor.finds_it_accessible()
    visitor.page.get_by_label("+1 408-555-0162").check()
    visitor.chooses("Put the ticked numbers into", "A new order")
    visitor.presses("Move", exact=True)
    visitor.sees("This becomes 4 orders.")
    visitor.presses("Make 4 orders")
    visitor.sees("Group of port orders")
    assert [order.number_count for order in plan.org.port_orders.order_by("pk")] == [2, 2, 1, 1]
    visitor.finds_it_accessible()
    visitor.page.get_by_text("Change for all drafts").click()
    visitor.types("Company name", "Juniper Trading, Inc.")
    visitor.types("Authorized name", "Rosa Delgado")
    visitor.finds_it_accessible()
    visitor.presses("Save for all drafts")
    visitor.sees("4 drafts follow.")
    visitor.follows(plan.reference)
    visitor.sees("One of several orders that came of one list, with 3 others.")
    visitor.finds_it_accessible()
    visitor.presses("Take out of the group")
    visitor.sees("does not belong to")

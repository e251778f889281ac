"""What a country's pack says about ordering numbers."""

import pytest

import countries

PACKS = [countries.get(iso) for iso, _name in countries.choices()]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.iso)
def test_every_pack_knows_a_way_to_numbers(pack):
    assert pack.number_kinds
    assert ("assisted" in pack.number_kinds) == (pack.template == "B") == (not pack.sells_numbers)
    assert ("toll_free" in pack.number_kinds) == (pack.toll_free and pack.template == "A")
    for kind in pack.number_kinds:
        assert all(rule.is_about(kind) for rule in pack.number_rules(kind))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.iso)
def test_papers_for_an_order_are_no_facts(pack):
    assert all(rule.status == "provisional" for rule in pack.order_documents)


def test_what_nobody_confirmed_is_no_rule():
    """Germany's address probably has to fit the area code; a page that says so would state a fact."""
    germany = countries.get("DE")
    assert germany.address_fits_area_code
    assert not any("area code" in str(rule.text) for rule in germany.number_rules("assisted"))


def test_rules_are_of_their_kinds():
    us = countries.get("US")
    texts = {kind: [str(rule.text) for rule in us.number_rules(kind)] for kind in us.number_kinds}
    assert any("whole block" in text for text in texts["block"])
    assert not any("whole block" in text for text in texts["standard"])
    assert len([text for text in texts["toll_free"] if "oll-free" in text]) == 2

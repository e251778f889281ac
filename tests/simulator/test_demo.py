"""The demonstration: its records and its page are one thing."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from carrier.base import LineKind, Portable
from lib.calendar import add_business_days
from lib.paste import read_paste
from porting.errors import ERRORS
from simulator import demo, demo_page, demo_rows
from simulator.models import ServiceAccount, ServiceLine, StockBlock, UnknownStreet

PAGE = Path(__file__).parents[2] / "docs" / "rehearsal.md"


@pytest.fixture
def demo_rows_filled(db):
    demo_rows.fill()


def counts():
    return [model.objects.count() for model in (ServiceAccount, ServiceLine, StockBlock, UnknownStreet)]


@pytest.mark.parametrize(
    "name", ["errors", "scenarios", "records", "toll-free", "mixed list", "abroad", "accounts"]
)
def test_the_page_shows_what_there_is(name):
    shown = f"<!-- {name} -->\n{demo_page.tables()[name]}\n<!-- end -->"
    assert shown in PAGE.read_text(), "run manage.py simulator_demo --page and put it into docs/rehearsal.md"


def test_the_page_has_every_table(capsys):
    call_command("simulator_demo", "--page")
    assert re.findall(r"<!-- (.+) -->", capsys.readouterr().out) == list(demo_page.tables())
    assert [n for n in re.findall(r"<!-- (.+) -->", PAGE.read_text()) if n != "end"] == list(
        demo_page.tables()
    )


def test_the_page_names_the_streets_that_do_not_exist():
    text = " ".join(PAGE.read_text().split())
    for street in demo.UNKNOWN_STREETS:
        assert street in text


def test_one_account_for_each_of_the_nineteen_errors():
    codes = [rehearsal.code for rehearsal in demo.REHEARSALS]
    assert sorted(codes) == sorted(ERRORS)
    assert len({rehearsal.account.company for rehearsal in demo.REHEARSALS}) == 19


def test_one_account_for_each_scenario_and_each_way_to_answer_for_records():
    scenarios = {code for code in ServiceAccount.Scenario.values if code}
    assert {story.code for story in demo.SCENARIOS} == scenarios
    assert len(demo.SCENARIOS) == len(scenarios)
    ways = set(ServiceAccount.RecordAnswer.values) - {"by_share"}
    assert {account.csr_answer.value for account in demo.RECORDS} == ways


def test_the_mixed_list_is_three_carriers_a_toll_free_number_and_two_that_can_not_move(
    carrier, demo_rows_filled
):
    asked = read_paste("\n".join(demo.MIXED_LIST)).numbers
    answers = carrier.check_portability("US", asked)
    assert len(asked) == len(set(asked)) == 10
    good = [answer for answer in answers if answer.portable == Portable.YES]
    assert {answer.e164 for answer in good} == {n for account in demo.JUNIPER for n in account.numbers}
    local = {answer.losing_carrier for answer in good if answer.kind != LineKind.TOLL_FREE}
    assert len(local) == 3
    assert len(good) == 8
    assert [answer.reason for answer in answers if answer not in good] == ["no_carrier", "ours"]


@pytest.mark.django_db
def test_filling_twice_changes_nothing(capsys):
    call_command("simulator_demo")
    before = counts()
    ServiceAccount.objects.filter(btn=demo.THREE_LINES.btn).update(company_name="Changed by staff")
    call_command("simulator_demo")
    assert counts() == before
    assert ServiceAccount.objects.filter(company_name="Changed by staff").exists()


@pytest.mark.django_db
def test_restoring(capsys):
    call_command("simulator_demo")
    before = counts()
    ServiceAccount.objects.filter(btn=demo.THREE_LINES.btn).update(company_name="Changed by staff")
    ServiceLine.objects.update(status="ported")
    call_command("simulator_demo", "--restore")
    assert counts() == before
    assert not ServiceAccount.objects.filter(company_name="Changed by staff").exists()
    assert not ServiceLine.objects.filter(status="ported").exists()


def test_every_number_is_fictitious_and_on_one_account():
    numbers = [number for account in demo.ACCOUNTS for number in account.numbers]
    assert len(numbers) == len(set(numbers))
    kept_for_stories = r"\+1[2-9]\d{2}55501\d{2}|\+442079460\d{3}|\+493023125\d{3}|\+331990\d{5}"
    assert all(re.fullmatch(kept_for_stories, number) for number in numbers)


@pytest.mark.parametrize("account", demo.ACCOUNTS, ids=lambda account: account.company)
def test_numbers_are_printed_so_that_they_can_be_pasted(account):
    printed = demo_page.numbers(account.enter)
    assert printed in PAGE.read_text() or account is demo.NEIGHBOR
    assert read_paste(printed, account.country).numbers == account.enter


@pytest.mark.parametrize("start", [date(2026, 12, 22), date(2026, 7, 1), date(2026, 11, 10)])
def test_the_slow_carriers_date_can_be_chosen(start):
    """The calendar goes 30 days ahead; its lead time lies within, also where holidays are dense."""
    slow = next(r.account for r in demo.REHEARSALS if r.code == "foc_rejected")
    assert (add_business_days(start, slow.minimum_lead_days + 1, "US") - start).days <= 30

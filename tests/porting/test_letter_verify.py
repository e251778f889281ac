"""Whether a file is the letter that was signed here: by the command and by the page, to the byte."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import acting
from porting import letters
from porting.models import PortDocument
from tests.files import bill_pdf
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db


def signed(order, person):
    """A letter as somebody signs it at the console."""
    membership = person.memberships.get()
    with acting.acting(acting.Actor(person, "full_admin", "203.0.113.7", "Browser/1")):
        return letters.sign(
            order,
            by=membership,
            shown=letters.token(order),
            first_name="Ada",
            last_name="Park",
            title="Owner",
        )


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, signed=False)


@pytest.fixture
def letter(order, ada):
    return signed(order, ada)


@pytest.fixture
def command(tmp_path, capsys):
    def run(data):
        path = tmp_path / "letter.pdf"
        path.write_bytes(data)
        call_command("verify_loa", str(path))
        return capsys.readouterr().out

    return run


@pytest.fixture
def ask(signed_in):
    def post(person, data, slug="acme"):
        upload = SimpleUploadedFile("letter.pdf", data, "application/pdf")
        return signed_in(person).post(reverse("letters:verify", args=[slug]), {"letter": upload})

    return post


def altered(data, at=400):
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def test_the_command_knows_the_letter_signer_and_order(letter, command, order):
    said = command(letter.read())
    for words in ("Sealed by us and unchanged", "Ada Park, Owner, ada@acme.example", order.reference, "Acme"):
        assert words in said


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (altered, 1, "Changed after sealing"),
        (lambda data: data[:-40], 1, "Changed after sealing"),
        (lambda data: bill_pdf(), 2, "Not a letter of ours"),
        (lambda data: b"", 2, "Not a letter of ours"),
    ],
)
def test_the_command_fails_on_anything_else(letter, command, change, code, words):
    with pytest.raises(CommandError, match=words) as failed:
        command(change(letter.read()))
    assert failed.value.returncode == code


def test_the_command_fails_on_a_file_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match="No such file") as failed:
        call_command("verify_loa", str(tmp_path / "none.pdf"))
    assert failed.value.returncode == 3


def test_the_page_says_sealed_by_whom_and_for_which_order(vic, letter, order, ask):
    page = ask(vic, letter.read()).content.decode()
    for words in ("Sealed by us and unchanged", "Ada Park, Owner", "ada@acme.example", order.reference):
        assert words in page
    assert order.get_absolute_url() in page
    assert "self-made" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (altered, "Changed after it was sealed"),
        (lambda data: bill_pdf(), "Not a letter of ours"),
        (lambda data: b"\x00" * 5000, "Not a letter of ours"),
    ],
)
def test_the_page_names_no_order_for_anything_else(vic, letter, order, ask, change, words):
    page = ask(vic, change(letter.read())).content.decode()
    assert words in page
    assert order.reference not in page
    assert "Ada Park" not in page


def test_another_organization_learns_only_that_it_is_genuine(mallory, letter, order, ask):
    page = ask(mallory, letter.read(), "globex").content.decode()
    assert "Sealed by us and unchanged" in page
    assert "another organization" in page
    for secret in (order.reference, "Ada Park", "ada@acme.example"):
        assert secret not in page


def test_a_location_administrator_of_elsewhere_gets_no_link_to_the_order(lou, letter, order, ask):
    page = ask(lou, letter.read()).content.decode()
    assert "Sealed by us and unchanged" in page
    assert order.get_absolute_url() not in page


def test_a_letter_that_was_replaced_still_verifies_and_says_so(ada, letter, order, ask, command):
    order = order.org.port_orders.get(pk=order.pk)
    signed(order, ada)
    assert "A newer letter has replaced it" in ask(ada, letter.read()).content.decode()
    assert "A newer letter replaced it" in command(letter.read())


def test_a_letter_whose_order_has_changed_still_verifies_and_says_so(ada, letter, order, ask):
    order.company_name = "Acme Holding"
    order.save()
    page = ask(ada, letter.read()).content.decode()
    assert "Sealed by us and unchanged" in page
    assert "must be signed again" in page


def test_a_letter_whose_order_was_given_up_is_still_ours(ada, letter, order, command):
    data = letter.read()
    order.delete()
    assert "No order of this console has this letter any more" in command(data)


def test_a_letter_from_before_the_seal_is_known_by_what_is_kept(ada, office, acme, ask, command):
    paper = make_port_order(acme).paper("loa")
    import hashlib

    PortDocument.unscoped.filter(pk=paper.pk).update(sha256=hashlib.sha256(paper.read()).hexdigest())
    assert "The same as the letter that is kept here" in ask(ada, paper.read()).content.decode()
    assert "It has no seal of ours" in command(paper.read())


def test_no_file_is_told_at_its_field(vic, acme, signed_in):
    response = signed_in(vic).post(reverse("letters:verify", args=["acme"]))
    assert response.status_code == 422
    assert "Choose a file." in response.content.decode()


def test_a_file_larger_than_any_letter_is_refused(vic, ask):
    response = ask(vic, b"x" * (12 * 1024 * 1024 + 1))
    assert "larger than any letter" in response.content.decode()


def test_without_its_seal_the_console_signs_nothing_and_says_why(
    order, ada, settings, tmp_path, command, ask
):
    settings.SEAL_KEY = settings.SEAL_CERT = str(tmp_path / "none.pem")
    with pytest.raises(Exception, match="cannot be sealed at the moment"):
        signed(order, ada)
    assert order.documents.filter(kind="loa").count() == 0
    assert "seal cannot be read" in ask(ada, b"x").content.decode()
    with pytest.raises(CommandError, match="cannot be used") as failed:
        command(b"x")
    assert failed.value.returncode == 3

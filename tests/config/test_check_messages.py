"""The check of translations finds words that nobody could translate, and catalogs that no longer fit."""

import importlib.util
import struct
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "bin" / "check_messages"
LOADER = SourceFileLoader("check_messages", str(SCRIPT))
check = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_messages", LOADER))
LOADER.exec_module(check)


def found_in(tmp_path, source, name="page.html"):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / name).write_text(source)
    return [line.split(": ", 2)[0].rsplit(":", 1)[1] for line in check.untranslated(tmp_path)]


@pytest.mark.parametrize(
    "source",
    [
        "<p>Numbers</p>",
        '<img src="x.png" alt="A picture">',
        '<input type="submit" value="Save">',
        '<a aria-label="{{ name }} opens">x</a>',
        "{% if a %}<p>{% else %}<div>{% endif %}Words",
        "{% blocktranslate %}fine{% endblocktranslate %} and not fine",
    ],
)
def test_words_outside_the_tags_are_found(tmp_path, source):
    assert found_in(tmp_path, source) == ["1"]


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Numbers" %} {{ count }}',
        '<p class="big" title="{% translate "Numbers" %}">{{ number }} &middot; 3 %</p>',
        "{% blocktranslate trimmed %}Many\nwords{% plural %}more{% endblocktranslate %}",
        "<title>{{ page }} · PSTN Hub</title>",
        '<span translate="no">Webex</span> <kbd>Esc</kbd> <script src="a.js">let words</script>',
        "{# a note #}{% comment %}a longer note{% endcomment %}",
        '<input type="hidden" value="keep"> <button type="submit" name="then" value="leave">',
    ],
)
def test_everything_else_is_not(tmp_path, source):
    assert found_in(tmp_path, source) == []


def test_the_line_is_told(tmp_path):
    assert found_in(tmp_path, "{% comment %}\n\n{% endcomment %}\n<p>\n  Words</p>") == ["5"]


def test_mails_in_plain_text_are_read_as_they_are(tmp_path):
    assert found_in(tmp_path, "Subject: {% translate 'Hello' %}\nYour order <is> here", "mail.txt") == ["2"]


def test_messages_of_templates_and_code(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text(
        """{% translate "It's one" %}{% translate "May" context "month" %}{{ _("three") }}
        {% blocktranslate count n=n %}{{ n }} number{% plural %}{{ n }} numbers{% endblocktranslate %}"""
    )
    (tmp_path / "code.py").write_text("_('four' ' five')\nmodels.pgettext('verb', 'port')\n_(name)\n")
    assert check.messages(tmp_path) == {
        "It's one",
        "month\x04May",
        "three",
        "%(n)s number",
        "four five",
        "verb\x04port",
    }


CATALOG = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#: somewhere
msgid "Numbers"
msgstr ""
"Num"
"mern"

#, fuzzy
msgid "Orders"
msgstr "Ordnung"

#~ msgid "Gone"
#~ msgstr "Weg"
"""


def compiled(translations):
    """The bytes of a catalog as gettext compiles it."""
    pairs = sorted((key.encode(), value.encode()) for key, value in translations.items())
    count, texts, table = len(pairs), b"", [[], []]
    for column in (0, 1):
        for pair in pairs:
            table[column] += [len(pair[column]), 28 + 16 * count + len(texts)]
            texts += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 28 + 16 * count)
    return head + struct.pack(f"<{4 * count}I", *table[0], *table[1]) + texts


@pytest.fixture
def locale(tmp_path):
    folder = tmp_path / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(CATALOG)
    head = "Content-Type: text/plain; charset=UTF-8\n"
    (folder / "django.mo").write_bytes(compiled({"": head, "Numbers": "Nummern"}))
    return tmp_path / "locale"


def test_a_current_catalog_is_fine(locale):
    assert list(check.stale(locale, {"Numbers", "Orders"})) == []


def test_a_missing_message_makes_a_catalog_stale(locale):
    (problem,) = check.stale(locale, {"Numbers", "Orders", "Locations"})
    assert problem.endswith("is missing 'Locations'")


def test_an_old_compiled_file_is_noticed(locale):
    path = locale / "de" / "LC_MESSAGES" / "django.po"
    path.write_text(path.read_text().replace('"mern"', '"mero"'))
    (problem,) = check.stale(locale, {"Numbers"})
    assert problem.endswith("the compiled file says otherwise of 'Numbers'")


def test_a_catalog_must_be_compiled(locale):
    (locale / "de" / "LC_MESSAGES" / "django.mo").unlink()
    (problem,) = check.stale(locale, {"Numbers"})
    assert problem.endswith("is not compiled")

"""A secret can be read while it is typed, on a page with the console's script and on one without."""

import re

import pytest


@pytest.mark.parametrize(
    ("who", "path", "label"),
    [(None, "/account/login/", "Password"), ("ada@acme.example", "/acme/port-out-protection/", "PIN")],
)
def test_what_is_typed_is_shown_and_hidden_again(visitor, who, path, label):
    if who:
        visitor.signs_in(who)
    visitor.goes_to(path)
    visitor.types(label, "270418")
    field = visitor.page.locator(".addon > input")
    name = re.compile(f"^(Show|Hide) .*{label}")
    for kind, word in (("password", "Show"), ("text", "Hide"), ("password", "Show")):
        button = visitor.page.get_by_role("button", name=name)
        assert (field.get_attribute("type"), button.inner_text().split()[0]) == (kind, word)
        button.click()
    assert visitor.console_errors == []

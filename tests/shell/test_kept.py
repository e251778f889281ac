"""Parts of a template that are drawn once and kept: what gets into them, and what is put in each time."""

from django.template import Context, Template

PART = "{% load chrome %}{% kept name=name filled text=text %}{{ name }}|{{ secret }}|{{ text }}{% endkept %}"


def test_nothing_but_what_is_named_is_drawn():
    part = Template(PART)
    assert part.render(Context({"name": "Ada", "secret": "of Acme", "text": "1"})) == "Ada||1"


def test_each_set_of_values_is_drawn_for_itself():
    part = Template(PART)
    shown = [
        part.render(Context({"name": name, "text": text})) for name, text in (("A", 1), ("B", 2), ("A", 3))
    ]
    assert shown == ["A||1", "B||2", "A||3"]


def test_what_is_put_in_is_escaped_and_never_read_as_a_sign():
    part = Template("{% load chrome %}{% kept filled a=a b=b %}{{ a }}|{{ b }}{% endkept %}")
    shown = part.render(Context({"a": "kept-b-kept", "b": '"><script>'}))
    assert shown == "kept-b-kept|&quot;&gt;&lt;script&gt;"

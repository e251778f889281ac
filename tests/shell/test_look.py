"""The style sheet, the script and the templates as text: budgets, contrast, and what the security policy forbids."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = (ROOT / "static/console.css").read_text()
TEMPLATES = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
# What stands on what; text needs 4.5:1, shapes and outlines 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
PAIRS = [
    *[
        (text, ground, 4.5)
        for text in ("text", "text-2", "link")
        for ground in ("bg", "surface", "surface-2")
    ],
    ("text", "surface-3", 4.5),
    ("text", "mute-bg", 4.5),
    ("text-2", "mute-bg", 4.5),
    ("text", "info-bg", 4.5),
    ("bad", "surface", 4.5),
    ("strong-text", "strong", 4.5),
    ("violet-text", "violet-bg", 4.5),
    ("outline", "surface", 3),
    ("on", "surface", 3),
    ("ring", "bg", 3),
    ("bad-dot", "surface", 3),
    ("mute-dot", "surface", 3),
]


def hex_color(text):
    digits = text.lstrip("#")
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    return [int(digits[i : i + 2], 16) / 255 for i in range(0, len(digits), 2)]


def tokens(scheme):
    pairs = re.findall(r"--([\w-]+):light-dark\((#\w+),(#\w+)\)", CSS)
    return {name: hex_color((light, dark)[scheme]) for name, light, dark in pairs}


def over(top, below):
    alpha = top[3] if len(top) == 4 else 1
    return [alpha * a + (1 - alpha) * b for a, b in zip(top[:3], below[:3], strict=True)]


def luminance(color):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(text, ground, page):
    ground = over(ground, page)
    lights = sorted([luminance(over(text, ground)), luminance(ground)])
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def tone_colors(scheme):
    """(text, ground) of each tone."""
    rules = re.findall(
        r"^\.(ok|warn) \{--c:light-dark\((#\w+),(#\w+)\); --b:light-dark\((#\w+),(#\w+)\)", CSS, re.M
    )
    return {rule[0]: (hex_color(rule[1 + scheme]), hex_color(rule[3 + scheme])) for rule in rules}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_contrast_of_the_tokens(scheme, text, ground, least):
    colors = tokens(scheme)
    assert contrast(colors[text], colors[ground], colors["bg"]) >= least


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast_of_the_tones(scheme):
    tones = tone_colors(scheme)
    assert set(tones) == {"ok", "warn"}
    for text, ground in tones.values():
        assert contrast(text, ground, ground) >= 4.5


@pytest.mark.parametrize(("name", "budget"), [("console.css", 25), ("console.js", 10)])
def test_budget(name, budget):
    assert (ROOT / "static" / name).stat().st_size <= budget * 1024


def test_script_needs_no_eval_and_no_markup():
    script = (ROOT / "static/console.js").read_text()
    assert not re.search(r"\beval\b|innerHTML|new Function|document\.write", script)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_hold_nothing_that_the_policy_forbids(path):
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=|hx-on", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "<style" not in text


def test_every_class_of_the_shell_is_in_the_style_sheet():
    """A class that the style sheet has never heard of is a typing error."""
    sheets = "".join(path.read_text() for path in (ROOT / "static").glob("*.css"))
    known = set(re.findall(r"\.([a-z][\w-]*)", sheets)) | {"column", "help"}
    shell = [
        path
        for path in TEMPLATES
        if path.parent.name in {"templates", "parts", "console", "layout", "account"}
    ]
    used = {
        name
        for path in shell
        for group in re.findall(
            r'\sclass="([^"]*)"', re.sub(r"{%.*?%}|{{.*?}}", " ", path.read_text(), flags=re.S)
        )
        for name in group.split()
    }
    assert len(used) > 40
    assert used - known == set()

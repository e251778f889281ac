"""Rules of the house that no type checker knows."""

import re
from pathlib import Path

from django.apps import apps

from accounts.models import Membership, Organization
from accounts.scoping import OrgOwned

ROOT = Path(__file__).parent.parent
FENCED = ("pstn", "porting", "emergency")
APPS = (*FENCED, "accounts", "notifications", "carrier", "simulator", "countries", "lib", "config")
# The carrier's events are of all organizations, and only tasks read and write these; the operator's fees too.
OF_NO_ONE = {"CarrierFeed", "StuckEvent", "FeeBand"}
MAY_LOOK_ACROSS = {"tasks.py", "models.py", "admin.py"}


def sources(*names):
    return [
        path for app in names for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
    ]


def test_every_model_is_fenced():
    for label in FENCED:
        for model in apps.get_app_config(label).get_models():
            if model.__name__ in OF_NO_ONE:
                continue
            owners = {field.related_model for field in model._meta.fields if field.is_relation}
            assert issubclass(model, OrgOwned), model
            assert not hasattr(model, "objects"), model
            assert owners & {Organization, Membership} or any(
                issubclass(owner, OrgOwned) for owner in owners
            ), model


def test_only_tasks_models_and_commands_look_across_organizations():
    for path in sources(*FENCED):
        if path.name in MAY_LOOK_ACROSS or {"models", "commands", "tasks"} & set(path.parts):
            continue
        assert ".unscoped" not in path.read_text(), path


def test_only_workflows_assign_state():
    for path in sources(*FENCED):
        if path.name == "workflow.py" or "workflow" in path.parts:
            continue
        assert not re.search(r"\.state\s*=[^=]|update\([^)]*\bstate=", path.read_text()), path


def test_only_the_audit_module_writes_the_audit_log():
    for path in sources(*APPS):
        if path != ROOT / "accounts" / "audit.py":
            assert "AuditEntry.objects.create" not in path.read_text(), path


def test_every_module_opens_with_a_sentence():
    for path in sources(*APPS):
        text = path.read_text()
        assert not text.strip() or text.startswith('"""'), path


def test_names_that_say_nothing_are_not_used():
    banned = {"utils", "helpers", "common", "core", "manager", "service", "handler"}
    for path in sources(*APPS):
        assert path.stem not in banned, path


def test_templates_have_no_inline_script_style_or_handler():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|\sstyle=|\son[a-z]+=|hx-on", re.I
    )
    for path in (ROOT / "templates").rglob("*.html"):
        if "emails" not in path.parts:
            assert not inline.search(path.read_text()), path

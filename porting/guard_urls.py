"""/<org_slug>/port-out-protection/: the PINs and locks that keep numbers here."""

from django.urls import path

from porting.views import guards

app_name = "guards"

urlpatterns = [
    path("", guards.guard_detail, name="guard_detail"),
    path("edit/", guards.guard_edit, name="guard_edit"),
    path("reveal/", guards.guard_reveal, name="guard_reveal"),
    path("<e164:e164>/", guards.number_guard_edit, name="number_guard_edit"),
    path("<e164:e164>/clear/", guards.number_guard_clear, name="number_guard_clear"),
    path("<e164:e164>/reveal/", guards.number_guard_reveal, name="number_guard_reveal"),
]

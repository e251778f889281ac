"""/<org_slug>/letters/: whether a file is a letter that was signed here."""

from django.urls import path

from porting.views import letters

app_name = "letters"

urlpatterns = [path("verify/", letters.letter_verify, name="verify")]

"""What our pages are compared with: Django's admin and a bare list, on the same table under the same server."""

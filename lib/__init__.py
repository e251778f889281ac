"""One noun a file, no models, nothing of ours imported: what every app above may lean on."""

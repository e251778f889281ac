"""The seal that this console puts on signed letters: from the settings, or made by itself once."""

import logging
from functools import cache
from pathlib import Path

from django.conf import settings

from lib.documents.seal import Seal, SealBroken, load, self_made

log = logging.getLogger(__name__)


def our_seal() -> Seal:
    """The seal in use. Raises SealBroken, after a line in the log, when its files cannot be used."""
    try:
        return _seal(settings.SEAL_KEY, settings.SEAL_CERT, str(settings.VAR_DIR), settings.PRODUCT_NAME)
    except SealBroken as error:
        log.error("Letters cannot be sealed: %s", error)
        raise


@cache
def _seal(key: str, certificate: str, var: str, product: str) -> Seal:
    if key or certificate:
        return load(Path(key), Path(certificate))
    return self_made(Path(var) / "seal.pem", product)

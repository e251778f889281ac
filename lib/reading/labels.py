"""The words that bills put before what we look for, as data: a label is added here and nowhere else.

Expressions run over folded text: lower case, without accents. The number says how sure a label makes us: 3
names the very thing, 2 something that is mostly the same, 1 is worth a look when nothing better is there.
Words of other languages stand here only where their meaning is certain.
"""

import re
import unicodedata

_NO = r"(?:number|num|nbr|no|nr|#|id)"

LABELS: dict[str, tuple[tuple[str, int], ...]] = {
    "account_number": (
        (rf"(?:customer |billing |service )?(?:account|acct)\.? ?{_NO}", 3),
        (r"(?:account|acct)\.?(?= ?:)", 2),
        (rf"(?:customer|client) {_NO}", 2),
        (r"kundenkonto(?:nummer|-?nr)?|vertragskonto(?:nummer)?|kunden ?-?(?:nummer|nr)", 2),  # German
        (r"(?:numero|n[o°]) (?:de )?(?:compte(?: client)?|client)|compte client", 2),  # French
        (r"(?:numero|n[o°]\.?|n\.[o°º]) de (?:cuenta|cliente)", 2),  # Spanish
        (r"codice cliente|numero cliente", 2),  # Italian
        (r"klantnummer|klantnr", 2),  # Dutch
        (r"kundnummer|kundnr", 2),  # Swedish
    ),
    "dated": (
        (r"(?:bill|billing|invoice|statement|issue) date", 3),
        (r"date of (?:the |this )?(?:bill|invoice|issue|statement)", 3),
        (r"(?:date|bill|invoice) issued|statement closing date|closing date", 2),
        (r"(?<!due )(?<!by )date(?= ?:)", 1),
        (r"rechnungsdatum", 3),
        (r"date de (?:la )?factur(?:e|ation)|date d.emission", 3),
        (r"fecha de (?:la )?factura|fecha de emision", 3),
        (r"data (?:della )?fattura|data di emissione", 3),
        (r"factuurdatum", 3),
        (r"fakturadatum", 3),
    ),
    "btn": (
        (rf"billing (?:telephone|phone|tel\.?) ?{_NO}?|billing number|b[ti]n", 3),
        (rf"billed (?:telephone )?{_NO}|(?:account|acct) (?:telephone|phone) ?{_NO}?", 3),
        (rf"main (?:billing )?(?:telephone |phone )?{_NO}", 2),
        (rf"primary (?:telephone |phone )?{_NO}", 1),
    ),
    "company_name": (
        (r"(?:customer|account|company|business|subscriber) name", 3),
        (r"account holder|(?:bill|billed|invoice|invoiced) to|prepared for", 3),
        (r"(?:customer|company|subscriber)(?= ?:)", 2),
    ),
    "address": (
        (r"service (?:address|location)|installation address|(?:location|address) of service", 3),
        (r"(?<!mailing )(?<!billing )(?<!e-mail )(?<!email )(?<!ip )address(?= ?:)", 2),
        (r"(?:billing|mailing) address", 1),
    ),
}

#: What follows is never read, stored or repeated, wherever it stands.
SECRET = re.compile(
    r"(?<![a-z])(?:(?:account|port(?:-| )?out|transfer|security) )?(?:pin|passcode|password|pass code|"
    r"security code|transfer code)(?![a-z])(?: ?(?:number|no|code|#))?"
)
#: Before an address that is where money goes.
REMIT = re.compile(
    r"remit|payment|payable|pay to|mail (?:your )?check|return (?:this|address)|correspondence"
)
#: Beside a number to be called rather than billed.
CONTACT = re.compile(
    r"(?<![a-z])(?:call|contact|questions?|support|customer (?:care|service)|help|fax|dial|inquir\w*|repair|"
    r"assist\w*|toll.free|reach us|hotline|service ?desk)(?![a-z])"
)
#: A line of the list of calls, where numbers are those of other people.
CALL = re.compile(r"(?<![0-9])[0-9]{1,2}:[0-9]{2}(?![0-9])|(?<![0-9])[0-9]+ ?min(?:utes)?(?![a-z])")


def fold(text: str) -> str:
    """Lower case without accents, letter for letter, so that places in the text stay the same."""
    return "".join((unicodedata.normalize("NFKD", char)[:1] or char).casefold()[:1] or char for char in text)


def compiled() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    """(field, how sure, expression) of each label, for whole words."""
    return tuple(
        (field, sure, re.compile(rf"(?<![a-z0-9])(?:{source})(?![a-z])[.:# ]*"))
        for field, labels in LABELS.items()
        for source, sure in labels
    )

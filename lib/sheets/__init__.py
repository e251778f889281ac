"""Tables that people send and take: CSV in any usual writing, and spreadsheets (XLSX) of text cells.

`open_sheet` reads one row after another, with the memory of one row; `cells` is about what spreadsheets do to
single cells; `xlsx_write` and `delimited_write` write. Nothing here knows what the columns mean.
"""

from lib.sheets.cells import guard, unguard
from lib.sheets.open import Sheet, open_sheet
from lib.sheets.refusal import ROW_LIMIT, Broken, SheetRefused

__all__ = ["ROW_LIMIT", "Broken", "Sheet", "SheetRefused", "guard", "open_sheet", "unguard"]

"""A folder and a seed come in; the export files of a made-up Iranian shop go out, the same bytes each time.

The shop has an online, a wholesale and a small production arm, and three Jalali years of every entity, as its many
systems would export them: Persian headers, Jalali dates, toman (one program writes rial). It writes exports only, reads
nothing back and names no people: owners are roles. Dirt is put in on purpose; ``DemoFiles`` counts what an import must
find of it in each file:

=====================  ===========================================================  ==========================
kind                   as in                                                        what becomes of the rows
=====================  ===========================================================  ==========================
arabic_letters         ي and ك for ی and ک (some cells; whole windows-1256 files)   loaded
persian_digits         ۱۴۰۳/۰۵/۰۴, ۱۲۵۰۰۰                                           loaded
dashed_dates           1403-5-4 beside 1403/05/04                                   loaded
grouped_digits         1٬250٬000 and 1,250,000                                      loaded
rial_column            «مبلغ خالص (ریال)» beside files in toman                     loaded, in toman
blank_customers        online orders of guests                                      loaded, without a customer
late_refunds           refunds more than thirty days after the order                loaded
refunds_without_order  orders from before the data begins                           loaded
cancelled_orders       «لغو شده», also unpaid, returned and test orders             loaded, not successful
late_rows              the last orders of 1402 in the file of 1403                  loaded
corrected_rows         orders exported again later under their own number           loaded, replacing the first
duplicate_rows         a line repeated word for word in one file                    duplicate
impossible_dates       1402/13/45, 1403/07/31, 1401/00/12, 1402/12/30               quarantined
words_for_numbers      «استعلام شود» in an amount                                   quarantined
blank_dates            an order without a date                                      quarantined
=====================  ===========================================================  ==========================
"""

from sanjeh.demo.demo_files import DemoFile, DemoFiles
from sanjeh.demo.dirt import KINDS, DirtKind, dirt
from sanjeh.demo.write import draw_tables, write_demo

__all__ = ["KINDS", "DemoFile", "DemoFiles", "DirtKind", "dirt", "draw_tables", "write_demo"]

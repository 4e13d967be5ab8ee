"""Plan: what formulas ask comes in; blocks for an engine go out, and its answers become series.

It refuses dimensions that would multiply rows, and knows neither SQL dialects nor files.
"""

from sanjeh.plan.answer import Answer, Answers, Difference
from sanjeh.plan.block import Block, Need, Plan, Strategy
from sanjeh.plan.build import Collector, Key, build_plan, choose_strategy, flag_key, is_flag
from sanjeh.plan.choose import choose_binding, missing_for
from sanjeh.plan.cut import cut_holdings, cut_stated, has_later
from sanjeh.plan.holdings import Held, Holdings
from sanjeh.plan.listing import Listing
from sanjeh.plan.reach import counted_key, dimensions_of, find_path, path_of
from sanjeh.plan.stated import Campaign, Lasting, Stated, StatedValue
from sanjeh.plan.tally import Recipe, Tally, TallyKind, recipe_of
from sanjeh.plan.whole_number import read_whole_number

__all__ = [
    "Answer",
    "Answers",
    "Block",
    "Campaign",
    "Collector",
    "Difference",
    "Held",
    "Holdings",
    "Key",
    "Lasting",
    "Listing",
    "Need",
    "Plan",
    "Recipe",
    "Stated",
    "StatedValue",
    "Strategy",
    "Tally",
    "TallyKind",
    "build_plan",
    "choose_binding",
    "choose_strategy",
    "counted_key",
    "cut_holdings",
    "cut_stated",
    "dimensions_of",
    "find_path",
    "flag_key",
    "has_later",
    "is_flag",
    "missing_for",
    "path_of",
    "read_whole_number",
    "recipe_of",
]

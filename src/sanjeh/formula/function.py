"""A function of the formula language: its name, its arguments and one line of exact meaning in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sanjeh.definitions import Text


class Takes(StrEnum):
    """What one argument may be."""

    VALUE = "value"
    BALANCE = "balance"
    COUNT = "count"
    NAME = "name"
    DIMENSION = "dimension"
    REDUCTION = "reduction"


@dataclass(frozen=True, slots=True)
class Function:
    """A function's arguments (the last ``optional`` may be left out; ``many`` repeats the last) and its words.

    ``words`` is a phrase with {0}, {1}, ... for the arguments (of ``many``, {0} is the whole list); ``once`` is the phrase
    when the number of periods is 1 or left out, ``yearly`` when it is ``periods_per_year``; ``meaning`` says exactly what
    is computed.
    """

    name: str
    takes: tuple[Takes, ...]
    words: Text
    meaning: Text
    optional: int = 0
    many: bool = False
    once: Text | None = None
    yearly: Text | None = None


_V, _B, _C, _N = Takes.VALUE, Takes.BALANCE, Takes.COUNT, Takes.NAME

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "prior",
            (_V, _C),
            Text("{0} {1} periods earlier", "{0} مربوط به {1} دوره قبل"),
            Text(
                "x in the period n periods earlier (n is 1 unless given); for an open period, the same number of days of it.",
                "مقدار x در n دوره پیش از این (اگر n داده نشود، ۱)؛ برای دورهٔ باز، به همان تعداد روز.",
            ),
            optional=1,
            once=Text("{0} of the period before", "{0} در دورهٔ قبل"),
            yearly=Text("{0} a year of periods earlier", "{0} مربوط به یک سال قبل"),
        ),
        Function(
            "year_ago",
            (_V,),
            Text("{0} in the same period of last year", "{0} در مدت مشابه سال قبل"),
            Text(
                "x in the same period of the calendar's previous year; for an open period, the same number of days of it.",
                "مقدار x در همین دوره از سال قبلِ همان تقویم؛ برای دورهٔ باز، به همان تعداد روز.",
            ),
        ),
        Function(
            "rolling",
            (_V, _C),
            Text("{0} over the last {1} periods", "{0} در {1} دورهٔ اخیر"),
            Text(
                "x over the span of the n periods that end with this one, recomputed from rows, never added up.",
                "مقدار x در بازهٔ n دوره‌ای که به این دوره ختم می‌شود؛ از ردیف‌ها محاسبه می‌شود، نه از جمع دوره‌ها.",
            ),
            once=Text("{0}", "{0}"),
            yearly=Text("{0} over the last year", "{0} در یک سال اخیر"),
        ),
        Function(
            "to_date",
            (_V,),
            Text("{0} from the beginning to the end of the period", "{0} از آغاز تا پایان دوره"),
            Text(
                "x over everything from the first row to the end of the period.",
                "مقدار x از نخستین ردیف تا پایان دوره.",
            ),
        ),
        Function(
            "year_to_date",
            (_V,),
            Text("{0} since the start of the year", "{0} از ابتدای سال"),
            Text(
                "x from the start of the calendar's year to the end of the period.",
                "مقدار x از آغاز سالِ تقویم تا پایان دوره.",
            ),
        ),
        Function(
            "opening",
            (_B,),
            Text("{0} at the start of the period", "{0} در ابتدای دوره"),
            Text(
                "the balance at the period's first instant: the state at the end of the day before.",
                "مانده در نخستین لحظهٔ دوره؛ یعنی وضعیت پایان روز پیش از آن.",
            ),
        ),
        Function(
            "closing",
            (_B,),
            Text("{0} at the end of the period", "{0} در پایان دوره"),
            Text(
                "the balance at the period's end; for an open period, at the last known instant.",
                "مانده در پایان دوره؛ برای دورهٔ باز، در آخرین لحظهٔ معلوم.",
            ),
        ),
        Function(
            "average",
            (_B,),
            Text("the average of {0}", "میانگین {0}"),
            Text(
                "(opening + closing) / 2, or the mean of the day-end balances where average_method is daily.",
                "میانگین ابتدا و پایان دوره؛ و اگر average_method برابر daily باشد، میانگین مانده‌های پایان روز.",
            ),
        ),
        Function(
            "baseline",
            (_V, _C),
            Text("the mean of {0} over the {1} periods before", "میانگین {0} در {1} دورهٔ قبل"),
            Text(
                "the mean of x over the n preceding periods (n is 1 unless given), all of which must have a value.",
                "میانگین x در n دورهٔ پیشین (اگر n داده نشود، ۱)؛ همهٔ آن دوره‌ها باید مقدار داشته باشند.",
            ),
            optional=1,
            once=Text("{0} of the period before", "{0} در دورهٔ قبل"),
            yearly=Text("the mean of {0} over the year before", "میانگین {0} در یک سال قبل"),
        ),
        Function(
            "total",
            (_V,),
            Text("{0} over all members", "{0} برای همهٔ اعضا"),
            Text("x without the breakdown.", "مقدار x بدون تفکیک."),
        ),
        Function(
            "share",
            (_V,),
            Text("the share of {0} in the total", "سهم {0} از کل"),
            Text(
                "x of the member divided by x without the breakdown.", "مقدار x برای عضو، تقسیم بر مقدار x بدون تفکیک."
            ),
        ),
        Function(
            "target",
            (_N,),
            Text("the target of {0}", "هدف {0}"),
            Text(
                "the target stated for exactly this span and scope, else the sum of the targets that tile it (additive measures).",
                "هدفی که برای همین بازه و دامنه ثبت شده است؛ وگرنه جمع هدف‌هایی که بازه را کامل می‌پوشانند (سنجه‌های جمع‌پذیر).",
            ),
        ),
        Function(
            "budget",
            (_N,),
            Text("the budget of {0}", "بودجهٔ {0}"),
            Text("like target, of the scenario budget.", "مانند target، برای سناریوی بودجه."),
        ),
        Function(
            "real",
            (_V,),
            Text("{0} in constant prices", "{0} به قیمت ثابت"),
            Text(
                "x times the price index of the base month over the index in force at the start of the period; no_data without an index.",
                "مقدار x ضرب در شاخص قیمت ماه پایه، تقسیم بر شاخصِ آغاز دوره؛ بدون شاخص قیمت، «داده نیست».",
            ),
        ),
        Function(
            "abs",
            (_V,),
            Text("the absolute value of {0}", "قدر مطلق {0}"),
            Text("x without its sign.", "مقدار x بدون علامت."),
        ),
        Function(
            "min",
            (_V, _V),
            Text("the smallest of {0}", "کوچک‌ترینِ {0}"),
            Text("the smallest of the arguments, point by point.", "کوچک‌ترین آرگومان در هر نقطه."),
            many=True,
        ),
        Function(
            "max",
            (_V, _V),
            Text("the largest of {0}", "بزرگ‌ترینِ {0}"),
            Text("the largest of the arguments, point by point.", "بزرگ‌ترین آرگومان در هر نقطه."),
            many=True,
        ),
        Function(
            "positive",
            (_V,),
            Text("{0} (if above zero)", "{0} (اگر مثبت باشد)"),
            Text(
                "x, or undefined where x <= 0: the base of every growth rate.",
                "مقدار x؛ و اگر صفر یا منفی باشد، «تعریف‌نشده». پایهٔ هر نرخ رشدی باید مثبت باشد.",
            ),
        ),
        Function(
            "part_of",
            (_V, _V),
            Text("{0} as a part of {1}", "سهم {0} از {1}"),
            Text(
                "part / whole, undefined unless whole > 0 and 0 <= part <= whole.",
                "جزء تقسیم بر کل؛ مگر آن‌که کل مثبت نباشد یا جزء بیرون از صفر تا کل باشد که «تعریف‌نشده» است.",
            ),
        ),
        Function(
            "plus",
            (_V, _V),
            Text("the sum of {0}", "جمع {0}"),
            Text(
                "the sum of those arguments whose data the workspace has; no_data if none, or if one that has a source has no_data.",
                "جمع آن آرگومان‌هایی که داده‌شان در فضای کار هست؛ اگر هیچ‌کدام نباشد یا یکی از موجودها داده نداشته باشد، «داده نیست».",
            ),
            many=True,
        ),
        Function(
            "lagged",
            (_V, _C),
            Text("{0} {1} days earlier", "{0} در بازه‌ای {1} روز زودتر"),
            Text("x over the same span moved d days earlier.", "مقدار x در همین بازه که d روز به عقب برده شده است."),
        ),
        Function(
            "daily",
            (_V,),
            Text("the daily mean of {0}", "میانگین روزانهٔ {0}"),
            Text(
                "the mean of x over the days of the period (the elapsed ones of an open period), a covered day without rows being 0.",
                "میانگین x در روزهای دوره (در دورهٔ باز، روزهای سپری‌شده)؛ روزِ بی‌ردیف صفر است.",
            ),
        ),
        Function(
            "across",
            (_V, Takes.DIMENSION, Takes.REDUCTION),
            Text("the {2} of {0} over the members of {1}", "{2} {0} در میان اعضای «{1}»"),
            Text(
                "mean, median, min, max, count or sum of x over the members of the dimension that have a value.",
                "میانگین، میانه، کمینه، بیشینه، تعداد یا جمع x در میان اعضای بُعد که مقدار دارند.",
            ),
        ),
        Function(
            "on_target",
            (_N,),
            Text("whether {0} reaches its target (1 or 0)", "رسیدن {0} به هدف (۱ یا ۰)"),
            Text(
                "1 where x reaches its target in its direction, else 0; no_data without a target.",
                "اگر x در جهت خود به هدف رسیده باشد ۱، وگرنه ۰؛ بدون هدف، «داده نیست».",
            ),
        ),
        Function(
            "count_back",
            (_B, _V),
            Text("the days of {1} that {0} amounts to", "تعداد روزهایی از {1} که با {0} برابر است"),
            Text(
                "days: the closing balance is spent on the sales of this period, then of earlier ones; a period used up counts its days, the last its share.",
                "روز: ماندهٔ پایان دوره از فروش همین دوره و سپس دوره‌های پیش‌تر کم می‌شود؛ دورهٔ مصرف‌شده همهٔ روزهایش و دورهٔ آخر به نسبت شمرده می‌شود.",
            ),
        ),
    )
}

REDUCTIONS: dict[str, Text] = {
    "mean": Text("mean", "میانگین"),
    "median": Text("median", "میانهٔ"),
    "min": Text("minimum", "کمینهٔ"),
    "max": Text("maximum", "بیشینهٔ"),
    "count": Text("count", "تعداد"),
    "sum": Text("sum", "جمع"),
}

NAMES: dict[str, Text] = {
    "days": Text("days of the period", "روزهای دوره"),
    "periods_per_year": Text("periods in a year", "تعداد دوره‌های سال"),
}

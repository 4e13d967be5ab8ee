"""A reference set is a folder of data with values worked out elsewhere: its files, and what their import must count."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.datasets.imported import Counted


@dataclass(frozen=True, slots=True)
class ReferenceSet:
    """One set: what it shows, the files imported, and (entity, rows read, rows loaded) of each of their tables.

    ``copy`` tells apart files with the same rows; with ``is_summed`` there is one line for each entity of all files.
    """

    name: str
    shows: str
    files: tuple[str, ...]
    tables: tuple[Counted, ...]
    copy: str = ""
    is_summed: bool = False

    @property
    def id(self) -> str:
        """What a test of this set is called by."""
        return f"{self.name}-{self.copy}" if self.copy else self.name

    def paths(self, data: Path) -> list[Path]:
        """The files, where the sets lie in ``data``."""
        return [data / self.name / file for file in self.files]


_TRIALS = (("ad_daily", 37, 37), ("known_days", 37, 23), *[("observations", 37, 23)] * 3)
_POSTS = (("social_posts", 500, 500), ("post_engagement", 500, 500), ("social_daily", 500, 12))

SETS = (
    ReferenceSet(
        "display_ads",
        "three months of display advertising, day by day",
        ("online_advertising_performance_data.csv",),
        (("ad_daily", 15_408, 15_408), ("publisher_daily", 15_408, 15_408)),
    ),
    ReferenceSet(
        "ecsi_mobi",
        "satisfaction, recommendation and loyalty from a survey on a scale of 1 to 10",
        ("mobi.csv",),
        (("survey_responses", 250, 250), ("answers", 250, 250)),
    ),
    ReferenceSet(
        "fpa_budget_synthetic",
        "a bank's year against its plan, by month, quarter and category",
        ("budget_vs_actual.csv",),
        (("ledger", 144, 144), ("targets", 144, 144), ("targets", 144, 24)),
    ),
    ReferenceSet(
        "ga_sample",
        "visits of one day of a shop, by channel, device and country",
        ("sessions.csv", "ga_sample.parquet"),
        (
            ("web_sessions", 2_556, 2_556),
            ("orders", 2_556, 43),
            ("orders", 2_556, 2),
            ("visit_facts", 2_556, 2_556),
            ("carts", 2_556, 194),
            ("visit_steps", 2_556, 2_556),
        ),
    ),
    ReferenceSet(
        "ibm_receivables",
        "invoices on credit and when they were paid",
        ("WA_Fn-UseC_-Accounts-Receivable.csv",),
        (("invoices", 2_466, 2_466),),
    ),
    ReferenceSet(
        "ibm_telco_churn",
        "churn, retention and recurring revenue of a phone company, from a picture of its customers",
        ("WA_Fn-UseC_-Telco-Customer-Churn.csv",),
        (
            ("customers", 7_043, 7_043),
            ("contracts", 7_043, 7_043),
            ("orders", 7_043, 7_043),
            ("orders", 7_043, 5_174),
            ("accounts", 7_043, 7_043),
        ),
    ),
    ReferenceSet(
        "iran_reference",
        "the dollar by Gregorian and Jalali month, inflation, and the table of prices",
        ("Dollar_Rial_Price_Dataset.csv", "iran_cpi_annual.csv"),
        (("exchange_rates", 3_921, 3_921), ("cpi", 64, 64), ("yearly_inflation", 64, 64)),
    ),
    ReferenceSet(
        "maven_crm",
        "the opportunities of a sales team",
        ("accounts.csv", "products.csv", "sales_pipeline.csv", "sales_teams.csv"),
        (
            ("customers", 85, 85),
            ("price_list", 7, 7),
            ("deals", 8_800, 8_300),
            ("orders", 8_800, 4_238),
            ("opportunities", 8_800, 8_800),
            ("agents", 35, 35),
        ),
    ),
    ReferenceSet(
        "online_shoppers",
        "visits of a shop by month, visitor, traffic and region, without ids or a year",
        ("online_shoppers_intention.csv",),
        (("web_sessions", 12_330, 12_330), ("orders", 12_330, 1_908), ("visit_facts", 12_330, 12_330)),
    ),
    ReferenceSet(
        "qcc_defects",
        "defective units and defects of four production lines",
        ("orangejuice.txt", "orangejuice2.txt", "pcmanufact.txt", "dyedcloth.txt", "circuit.txt"),
        (
            ("production", 54, 54),
            ("production", 64, 64),
            ("inspections", 20, 20),
            ("inspections", 10, 10),
            ("inspections", 46, 46),
        ),
    ),
    ReferenceSet(
        "servicenow_incidents",
        "the incidents of a service desk",
        ("incidents.csv",),
        (("tickets", 24_918, 24_918), ("incidents", 24_918, 24_918)),
    ),
    ReferenceSet(
        "superstore",
        "a workbook of orders, returns and managers",
        ("Sample_Superstore_2019_2022.xls",),
        (
            ("orders", 10_194, 5_111),
            ("order_lines", 10_194, 10_194),
            ("customers", 10_194, 804),
            ("customer_orders", 10_194, 5_117),
            ("sold_lines", 10_194, 10_194),
            ("regional_managers", 4, 4),
            ("returned_orders", 800, 296),
        ),
    ),
    *(
        ReferenceSet(
            "uci_facebook_metrics",
            "posts of a brand page: the same rows under other headers, delimiters and encodings",
            (file,),
            _POSTS,
            copy,
        )
        for copy, file in (
            ("original", "dataset_Facebook_original_headers_cr.csv"),
            ("renamed", "variant_renamed_headers_semicolon.csv"),
            ("spanish", "variant_spanish_headers_latin1.csv"),
        )
    ),
    ReferenceSet(
        "uci_online_retail",
        "half a million invoice lines of a retailer, a file for each month",
        ("monthly",),
        (
            ("orders", 541_909, 19_959),
            ("order_lines", 541_909, 530_103),
            ("refunds", 541_909, 3_836),
            ("customers", 541_909, 4_372),
            ("single_lines", 541_909, 524_877),
        ),
        is_summed=True,
    ),
    ReferenceSet(
        "udacity_trial",
        "a free trial tested in two groups, with days whose outcome is not known yet",
        ("control_data.csv", "experiment_data.csv"),
        (*_TRIALS, *_TRIALS),
    ),
    ReferenceSet(
        "x_education_leads",
        "leads of an online school by origin and source",
        ("Lead_Scoring.csv",),
        (("leads", 9_240, 9_240), ("lead_visits", 9_240, 9_240)),
    ),
)


def only(name: str) -> pytest.MarkDecorator:
    """Marks a test that only the set called ``name`` can show."""
    return pytest.mark.parametrize("given", [one for one in SETS if one.id == name], ids=[name], indirect=True)

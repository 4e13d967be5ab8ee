"""Sanjeh: from a company's rows to every KPI they support."""

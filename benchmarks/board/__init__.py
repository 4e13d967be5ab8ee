"""The board: twelve monthly KPIs of one made-up company, asked of Sanjeh, of hand-written SQL and of peers.

In come sizes; out go figures as JSON and a page. It refuses to print a time whose answer it has not compared.
"""

"""Measures, corpora and gates: how right Dateline is, as figures that anybody can print."""

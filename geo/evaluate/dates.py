"""Measures of date expressions against gold TIMEX3 annotations, as in TempEval-3."""

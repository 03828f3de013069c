"""The portable subset of SQL our models are written in, held over the parsed tree.

Why each rule (DESIGN sections 6.1 and 8): division of decimals is done in floating point and misrounds
ties; float sums differ from run to run; ``*`` lets a column slip in unseen; ASOF, PIVOT, recursion and
arg_max mean different things, or nothing, on another engine.
"""

from __future__ import annotations

from sqlglot import exp

_FORBIDDEN: dict[type[exp.Expr], str] = {
    exp.Div: "division (keep numerator and denominator)",
    exp.IntDiv: "integer division",
    exp.Mod: "modulo",
    exp.Avg: "avg",
    exp.Median: "median",
    exp.Quantile: "quantile",
    exp.PercentileCont: "percentile_cont",
    exp.PercentileDisc: "percentile_disc",
    exp.ArgMax: "arg_max",
    exp.ArgMin: "arg_min",
    exp.Pivot: "pivot",
    exp.Rand: "random()",
    exp.CurrentTimestamp: "the clock",
    exp.CurrentDate: "the clock",
    exp.Any: "any()",
    exp.AnyValue: "any_value (which value is not defined)",
    exp.Lateral: "lateral",
}

_FLOATS = {exp.DataType.Type.FLOAT, exp.DataType.Type.DOUBLE}

# Functions outside SQLGlot's own vocabulary that both DuckDB and Spark speak alike.
_KNOWN_ANONYMOUS: frozenset[str] = frozenset()


def departures(tree: exp.Expr) -> list[str]:
    """Everything in *tree* outside the subset, in plain words; empty when it is portable."""
    found = [f"{word}: {node.sql()[:60]}" for node, word in _forbidden_nodes(tree)]
    found += [f"star: {node.sql()[:60]}" for node in tree.find_all(exp.Star) if not _is_count_star(node)]
    found += [f"float type: {node.sql()}" for node in tree.find_all(exp.DataType) if node.this in _FLOATS]
    found += [f"recursion: {node.sql()[:60]}" for node in tree.find_all(exp.With) if node.recursive]
    found += [f"asof join: {node.sql()[:60]}" for node in tree.find_all(exp.Join) if node.method == "ASOF"]
    found += [
        f"unknown function: {node.name}"
        for node in tree.find_all(exp.Anonymous)
        if node.name.lower() not in _KNOWN_ANONYMOUS
    ]
    found += [
        "row_number without an order"
        for node in tree.find_all(exp.Window)
        if isinstance(node.this, exp.RowNumber) and not node.args.get("order")
    ]
    return found


def _forbidden_nodes(tree: exp.Expr) -> list[tuple[exp.Expr, str]]:
    return [(node, word) for kind, word in _FORBIDDEN.items() for node in tree.find_all(kind)]


def _is_count_star(node: exp.Star) -> bool:
    return isinstance(node.parent, exp.Count)

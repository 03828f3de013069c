"""What every number of the ``ref.*`` tables is stated in, for the unit check of the SQL models.

Written in the grammar of :mod:`pipelines.units.measures`: ``[energy_code]`` is the canonical unit of the energy
kind the row names, ``[energy_code:form]`` its unit on form 205-1, ``[unit]`` the unit the row's own column names.
"""

from __future__ import annotations

UNITS: dict[str, dict[str, str]] = {
    "ref.unit_conversion": {"multiplier": "[energy_code]/[unit]"},
    "ref.emission_factor": {"factor_t": "t{[gas]}/[energy_code]"},
    "ref.heat_value": {"ncv_gj": "GJ/[energy_code]"},
    "ref.fuel_parameter": {
        "ncv_gj": "GJ/[energy_code]",
        "carbon_t_per_gj": "t{C}/GJ",
        "co2_t_per_gj": "t{CO2}/GJ",
        "co2_t_per_carbon_t": "t{CO2}/t{C}",
    },
    "ref.measured_unit": {
        "ncv_gj": "GJ/[energy_code]/[unit]",
        "carbon_of_heat": "t{C}/GJ/[unit]",
        "carbon_of_amount": "t{C}/[energy_code]/[unit]",
    },
    "ref.heat_formula": {
        "steam_zero": "kJ/kg",
        "steam_step": "[energy_code]/[unit]*kg/kJ",
        "water_zero": "degC",
        "water_step": "[energy_code]/[unit]/degC",
    },
    "ref.combustion_gas": {"factor_t": "t{[gas]}/GJ", "fallback_ncv_gj": "GJ/[energy_code]"},
    "ref.standard_coal": {
        "coefficient_tce": "tce{[basis]}/[energy_code]",
        "form_units": "[energy_code:form]/[energy_code]",
    },
    "ref.gwp": {"gwp": "t{CO2e}/t{[gas]}"},
    "ref.gas_gwp": {"gwp": "t{CO2e}/t{[gas]}"},
    "ref.activity_unit": {"multiplier": "[activity_code]/[unit]"},
    "ref.process_factor": {"coefficient": "t{[gas]}/[activity_code]"},
    "ref.medium_conversion": {"multiplier": "[medium]/[unit]"},
    "ref.medium_coal": {"coefficient_tce": "tce{calorific}/[medium]"},
    "ref.uncertainty": {"half_width": "1"},
    "ref.quality_tier": {"quality_tier": "1", "half_width": "1", "half_width_squared": "1"},
    "ref.plan_target": {"plan_line": "1", "value": "[unit]", "value_max": "[unit]", "due_year": "year"},
    "ref.light": {"amber_from_share": "1"},
    "ref.title_level": {"rank": "1"},
    "ref.criterion": {"threshold": "[unit]", "base": "[unit]", "lead": "[unit]", "points": "1"},
    "ref.criterion_reference": {"value": "[unit]"},
    "ref.pass_mark": {"pass_mark": "1"},
    "ref.filing_calendar": {"day": "1"},
    "ref.closing_day": {"day": "1"},
    "ref.change_range": {"low": "1", "high": "1"},
    "ref.stock_gap_range": {"low": "1", "high": "1"},
    "ref.price_range": {"low": "CNY/[energy_code]", "high": "CNY/[energy_code]"},
    "ref.coefficient_range": {
        "low": "tce{calorific}/[energy_code:form]",
        "high": "tce{calorific}/[energy_code:form]",
    },
    "ref.heat_value_range": {"low": "GJ/[energy_code]", "high": "GJ/[energy_code]"},
    "ref.carbon_of_heat_range": {"low": "t{C}/GJ", "high": "t{C}/GJ"},
    "ref.carbon_of_amount_range": {"low": "t{C}/[energy_code]", "high": "t{C}/[energy_code]"},
    "ref.steam_enthalpy_range": {"low": "kJ/kg", "high": "kJ/kg"},
    "ref.water_temperature_range": {"low": "degC", "high": "degC"},
}

NAMES: dict[str, dict[str, str]] = {
    "ref.energy_kind": {"canonical_unit": "[energy_code]", "form_unit": "[energy_code:form]"},
    "ref.unit_conversion": {"to_unit": "[energy_code]"},
    "ref.activity": {"canonical_unit": "[activity_code]"},
    "ref.activity_unit": {"to_unit": "[activity_code]"},
    "ref.working_medium": {"canonical_unit": "[medium]"},
    "ref.medium_conversion": {"to_unit": "[medium]"},
}
"""Text columns that name a unit we know by another name."""

CARRIERS = {"electricity": "MWh{electricity}", "heat": "GJ{heat}"}
"""A carrier's own unit: t/MWh of electricity and t/GJ of heat have one dimension and are not one thing."""

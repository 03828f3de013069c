"""耗能工质 from the file a clerk sends to the energy total: counted beside form 205-1, never in emissions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pipelines.intake.parsing import parse
from pipelines.periods import SHANGHAI
from tests.quality.station import KNOWN, MAY, power, station
from tests.sample.codes import credit_code

SENDER = credit_code(1)
AT = datetime(2023, 6, 5, 10, tzinfo=SHANGHAI)


def test_a_file_of_media_is_recognised_and_read() -> None:
    text = (
        "统一社会信用代码,报告期,耗能工质,来源,消费量,计量单位\n"
        f"{SENDER},2023-05,压缩空气,外购,1.5,万立方米\n{SENDER},2023-05,自来水,外购,1200,吨\n"
    )
    outcome = parse(text.encode(), "commission", AT)

    assert outcome.is_accepted, outcome.problems
    assert outcome.contract == "media"
    read = outcome.lines.select("medium", "origin", "consumed", "unit").rows()
    assert read == [
        ("compressed_air", "purchased", Decimal("1.5"), "wan_Nm3"),
        ("fresh_water", "purchased", Decimal(1200), "t"),
    ]


def test_bought_media_are_counted_once_beside_the_form_and_emit_nothing() -> None:
    made = station()
    made.receive("energy", [power()])
    bought = {"factory_id": KNOWN, "period": MAY, "medium": "oxygen", "unit": "Nm3"}
    made.receive(
        "media",
        [
            {**bought, "origin": "purchased", "consumed": 10_000},
            {**bought, "origin": "self_produced", "consumed": 777},
        ],
    )
    made.run(("stg", "core", "mart"))
    total = made.ledger.rows("select * from mart.energy_total_month where scale = 'district'").row(
        0, named=True
    )

    assert total["form_tce"] == Decimal("147.48")
    assert total["media_tce"] == Decimal(4)
    assert total["total_tce"] == Decimal("151.48")
    assert total["media_not_counted_tce"] == Decimal("0.3108")
    district = made.ledger.rows(
        "select distinct coal_tce from mart.district_month where coal_tce is not null"
    )
    assert district["coal_tce"].to_list() == [Decimal("147.48")]
    emitted = made.ledger.rows("select distinct energy_code from core.emission")
    assert emitted["energy_code"].to_list() == ["33"]

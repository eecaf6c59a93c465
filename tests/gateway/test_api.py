"""`/api` over HTTP, on a real server."""

import csv
import io
import json

import pytest

from schemas.gateway import RaceAsItStands, RaceSummary, RankingSummary
from schemas.outputs import OUTPUT
from schemas.rankings import Ranking
from tests.gateway.telling import gateway, heard

RACE = "2022-olympics-beijing/M1000/-"


async def test_a_race_is_told_whole_and_in_parts() -> None:
    """The sheet is the very message of Kafka; the parts are what the whole is made of."""
    messages = heard("2022-olympics-beijing")
    async with gateway(messages) as held:
        sheet = (await held.get(f"/api/races/{RACE}/standings")).body
        whole = (await held.get(f"/api/races/{RACE}")).json
        podium = (await held.get(f"/api/races/{RACE}/podium")).json
        records = (await held.get(f"/api/races/{RACE}/records")).json

    assert sheet == [one.value for one in messages if one.stream == "standings"][-1]
    told = RaceAsItStands.model_validate_json(json.dumps(whole))
    assert told.summary.podium[0].competitor.name == "Thomas Krol"
    assert whole["standings"] == json.loads(sheet)
    assert (whole["podium"], whole["records"]) == (podium, records)
    assert podium[-1]["type"] in {"podium.changed", "podium.secured"}


async def test_races_records_and_rankings_are_lists_that_can_be_narrowed() -> None:
    """Newest race first; records by race, discipline and kind; rankings by id."""
    messages = [*heard("2021-22-season")]
    async with gateway(messages) as held:
        races = [
            RaceSummary.model_validate_json(json.dumps(one)) for one in (await held.get("/api/races")).json
        ]
        only = (await held.get("/api/races?discipline=M1000")).json
        records = (await held.get("/api/records")).json
        of_kind = (await held.get("/api/records?kind=PB&discipline=M1000")).json
        rankings = (await held.get("/api/rankings")).json
        first = rankings[0]["ranking_id"]
        ranking = (await held.get(f"/api/rankings/{first}")).body

    assert len(races) == len({one.told().race_id for one in messages if one.stream == "standings"})
    assert {one["discipline"] for one in only} == {"M1000"}
    assert all(OUTPUT.validate_json(json.dumps(one)) for one in records)
    assert {(one["kind"], one["discipline"]) for one in of_kind} <= {("PB", "M1000")}
    assert [RankingSummary.model_validate_json(json.dumps(one)).ranking_id for one in rankings] == sorted(
        one["ranking_id"] for one in rankings
    )
    assert Ranking.model_validate_json(ranking).ranking_id == first


async def test_who_polls_pays_only_for_changes() -> None:
    """The same content has the same tag, also in another gateway; a change has another."""
    messages = heard("2022-olympics-beijing")
    path = f"/api/races/{RACE}/standings"
    async with gateway(messages[:-30]) as held:
        first = await held.get(path)
        tag = first.headers["etag"]
        again = await held.get(path, if_none_match=f'"other", W/{tag}')
        for message in messages[-30:]:
            held.hear(message)
        changed = await held.get(path, if_none_match=tag)
    async with gateway(messages[:-30]) as other:
        elsewhere = await other.get(path, if_none_match=tag)

    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert (changed.status, elsewhere.status) == (200, 304)


async def test_tables_are_csv_and_flat_where_that_makes_sense() -> None:
    """Spreadsheets, vMix and ODF readers get the same sheet."""
    async with gateway(heard("2021-22-season")) as held:
        race = (await held.get("/api/races")).json[0]["race_id"]
        ranking = (await held.get("/api/rankings")).json[0]["ranking_id"]
        sheet = await held.get(f"/api/races/{race}/standings?format=csv")
        flat = (await held.get(f"/api/races/{race}/standings?format=flat")).json
        odf = (await held.get(f"/api/races/{race}/standings?format=odf")).text
        records = (await held.get("/api/records?format=csv")).text
        standing = (await held.get(f"/api/rankings/{ranking}?format=csv")).text
        whole = (await held.get(f"/api/rankings/{ranking}")).json
        rows = list(csv.DictReader(io.StringIO(sheet.text)))

    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["name"] for row in rows] == [row["name"] for row in flat]
    assert 'DocumentType="DT_RESULT"' in odf
    assert records.splitlines()[0].startswith("type,kind,scope,discipline")
    table = list(csv.DictReader(io.StringIO(standing)))
    assert [(row["rank"], row["name"], row["value"]) for row in table] == [
        (str(line["rank"]), line["competitor"]["name"], line["value"]) for line in whole["entries"]
    ]


async def test_a_delayed_question_is_answered_as_it_was() -> None:
    """The whole API is late by the same time."""
    messages = heard("2022-olympics-beijing")
    async with gateway(messages[:100]) as held:
        live = await held.get(f"/api/races/{RACE}")
        late = await held.get(f"/api/races/{RACE}?delay=60")
        too_late = await held.get(f"/api/races/{RACE}?delay=121")

    assert (live.status, late.status, too_late.status) == (200, 404, 422)


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/api/races/2022-games/M500/-", 404, "there is no race '2022-games/M500/-'; /api/races has all"),
        ("/api/races/nonsense", 422, "race_id: string should match pattern"),
        ("/api/rankings/none", 404, "there is no ranking 'none'; /api/rankings has all"),
        ("/api/records?kind=XX", 422, "kind: input should be 'WR', 'OR'"),
        ("/api/races?delay=-1", 422, "delay: input should be greater than or equal to 0"),
        ("/api/races?delay=nan", 422, "delay: "),
        ("/api/stream?kind=sheet", 422, "kind: there is no 'sheet'; there are races"),
        ("/api/nothing", 404, "Not Found"),
        ("/overlay/nothing", 404, "there is no overlay 'nothing'; there are standings, pair, record"),
        ("/assets/../app.py", 404, "Not Found"),
        ("/assets/%2e%2e/app.py", 404, "Not Found"),
    ],
)
async def test_what_cannot_be_answered_is_one_sentence(path: str, status: int, detail: str) -> None:
    """As JSON, with the code that fits, and nothing of the inside."""
    async with gateway() as held:
        answer = await held.get(path)
        told = answer.json

    assert answer.status == status
    assert told["detail"].startswith(detail)
    assert set(told) == {"detail"}


async def test_before_kafka_has_been_read_there_is_no_answer_that_could_be_wrong() -> None:
    """An empty list would say that there are no races."""
    async with gateway(ready=False) as held:
        races = await held.get("/api/races")
        ready = await held.get("/readyz")
        alive = await held.get("/healthz")
        held.channels.set_ready()
        later = [(await held.get(path)).status for path in ("/api/races", "/readyz")]

    assert (races.status, races.headers["retry-after"], ready.status, alive.status) == (503, "1", 503, 200)
    assert later == [200, 200]


async def test_the_gateway_says_how_it_is() -> None:
    """For people, load balancers and Prometheus."""
    async with gateway(heard("torture")) as held:
        held.channels.set_stale(stale=True)
        held.metrics.kafka(stale=True, behind=7)
        how = (await held.get("/healthz")).json
        metrics = (await held.get("/metrics")).text

    assert how == {"ready": True, "stale": True, "behind": 7, "silent_s": None, "streams": 0}
    assert "slotrit_gateway_stale 1.0" in metrics
    assert "slotrit_gateway_behind_messages 7.0" in metrics


async def test_the_api_is_documented_without_the_internet() -> None:
    """`/docs` loads nothing from elsewhere; every route of `/api` is described, with models."""
    async with gateway() as held:
        page = await held.get("/docs")
        document = (await held.get("/openapi.json")).json
        script = await held.get("/static-offline-docs/swagger-ui-bundle.js")
        messages = (await held.get("/asyncapi.json")).json

    assert "https://" not in page.text
    assert "'unsafe-inline'" in page.headers["content-security-policy"]
    assert script.status == 200
    assert "/api/races/{race_id}/standings" in document["paths"]
    assert "Standings" in document["components"]["schemas"]
    assert messages["asyncapi"] == "3.0.0"


async def test_our_own_failure_is_not_told_to_others(caplog: pytest.LogCaptureFixture) -> None:
    """No trace leaves the process; the log has it."""
    async with gateway(heard("torture")) as held:
        held.channels.with_delay = None  # type: ignore[assignment, method-assign]
        answer = await held.get("/api/rankings")

    assert answer.status == 500
    assert answer.json == {"detail": "something is wrong in the gateway; its log says what"}
    assert "NoneType" in caplog.text

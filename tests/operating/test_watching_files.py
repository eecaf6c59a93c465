"""The dashboard, the alert rules and the runbook name what there is, and leave out nothing that counts."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from streams.gateway.metrics import Metrics as GatewayMetrics
from streams.group_offsets import REBUILD
from streams.operating.metrics import Metrics as WorkerMetrics
from streams.topics import CHANGELOGS, STREAMS

FOLDER = Path(__file__).parents[2] / "docs" / "operating"
RULES = FOLDER / "prometheus-rules.yml"
OF_EVERY_TARGET = {"instance", "job", "le"}
"""Labels that Prometheus adds itself."""
PROCESS = re.compile(r"slotrit_worker_process_\w+")
"""What the client library tells of any process; it depends on the system which of them there are."""
_NAME = re.compile(r"\b(slotrit_\w+)(?:\{([^}]*)\})?")
_SELECTED = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_GROUPED = re.compile(r"\bby\s*\(([^)]*)\)")
_TOLD = re.compile(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}")


def _known() -> dict[str, set[str]]:
    """Give every sample's name, and the labels that it has."""
    known: dict[str, set[str]] = {}
    for registry in (WorkerMetrics(("races",)).registry, GatewayMetrics().registry):
        for collector, names in registry._collector_to_names.items():  # noqa: SLF001 - else none without samples
            labels = set(getattr(collector, "_labelnames", ()))
            known.update(dict.fromkeys(names, labels))
    return known


def _dashboard() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))
    return told


def _rules() -> list[dict[str, Any]]:
    return [
        rule
        for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]


def _questions() -> Iterator[tuple[str, str, str]]:
    """Give where something is asked of Prometheus, what, and how the answer is told."""
    for panel in _dashboard()["panels"]:
        for target in panel.get("targets", ()):
            yield f"panel {panel['title']!r}", target["expr"], target["legendFormat"]
    for rule in _rules():
        yield f"rule {rule['alert']}", rule["expr"], rule["annotations"]["summary"]


@pytest.mark.parametrize(("where", "asked", "told"), list(_questions()))
def test_what_is_asked_for_is_counted(where: str, asked: str, told: str) -> None:
    """Every metric exists, and has the labels by which it is chosen, grouped and told."""
    known = _known()
    labels = set(OF_EVERY_TARGET)
    for name, selectors in _NAME.findall(asked):
        if PROCESS.fullmatch(name):
            continue
        assert name in known, f"{where} asks for {name}"
        labels |= known[name]
        assert set(_SELECTED.findall(selectors)) <= known[name] | OF_EVERY_TARGET, where
    grouped = {label.strip() for group in _GROUPED.findall(asked) for label in group.split(",")}

    assert grouped <= labels, where
    assert set(_TOLD.findall(told)) - {"value"} <= (grouped or labels), where


def test_everything_that_is_counted_is_on_the_dashboard() -> None:
    """A metric that nobody looks at is a cost without a use."""
    asked = " ".join(
        target["expr"] for panel in _dashboard()["panels"] for target in panel.get("targets", ())
    )
    counted = {re.sub(r"_(total|created|bucket|sum|count)$", "", name) for name in _known()}

    assert {name for name in counted if name not in asked and not PROCESS.fullmatch(name)} == set()


def test_what_has_not_happened_yet_is_nought() -> None:
    """A panel without viewers says 0, and a first refusal is an increase."""
    at_first = {sample.name for family in GatewayMetrics().registry.collect() for sample in family.samples}

    assert {"slotrit_gateway_streams", "slotrit_gateway_streams_dropped_total"} <= at_first
    assert "slotrit_gateway_requests_refused_total" in at_first


def test_the_dashboard_can_be_imported() -> None:
    """Panels have places and identities of their own, and ask the data source that is chosen on top."""
    dashboard = _dashboard()
    panels = dashboard["panels"]
    places = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}

    assert dashboard["schemaVersion"] >= 39
    assert "id" not in dashboard
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len(set(places)) == len(places)
    assert max(x for x, _ in places) == 23
    assert variables["datasource"]["type"] == "datasource"
    for panel in panels:
        assert panel["type"] in {"row", "stat", "timeseries"}
        for target in panel.get("targets", ()):
            assert target["datasource"]["uid"] == panel["datasource"]["uid"] == "${datasource}"
            assert set(re.findall(r"\$(\w+)", target["expr"])) <= {*variables, "__rate_interval"}
            assert panel["description"].endswith(".")


def test_every_alert_says_what_to_do() -> None:
    """The heading that it names is in the runbook."""
    runbook = (FOLDER / "runbook.md").read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ")).lower().replace(" ", "-")
        for line in runbook.splitlines()
        if line.startswith("#")
    }

    for rule in _rules():
        file, _, heading = rule["annotations"]["runbook"].partition("#")
        assert (file, heading in headings) == ("runbook.md", True), rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_the_runbook_knows_what_to_do_where_a_topic_is_gone() -> None:
    """Every topic of ours is in its table, once, by name."""
    runbook = (FOLDER / "runbook.md").read_text(encoding="utf-8")
    table = runbook.partition("### One output, or one changelog\n")[2].partition("\n\nIn this order")[0]
    lost = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]

    named = [name for topics in lost for name in re.findall(r"`([^`]+)`", topics)]
    assert sorted(named) == sorted(topic.name for topic in (*STREAMS.values(), *CHANGELOGS.values()))


def test_the_runbook_has_what_a_worker_refers_to() -> None:
    """The heading that its refusal names."""
    file, _, heading = REBUILD.partition("#")

    assert f"(#{heading})" in (FOLDER.parents[1] / file).read_text(encoding="utf-8")


@pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not here (Debian's package prometheus)"
)
@pytest.mark.parametrize(
    "question", [["check", "rules", str(RULES)], ["test", "rules", "prometheus_rules_test.yml"]]
)
def test_prometheus_takes_the_rules_and_they_fire_when_they_should(question: list[str]) -> None:
    """Its own tool checks them, and plays situations through them."""
    done = subprocess.run(
        ["promtool", *question], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr

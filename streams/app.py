"""The worker: a Faust app with one agent per step, made when it is needed and never at import."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import faust
import structlog
from faust import SASLCredentials, SSLCredentials, StreamT, TopicT
from faust.contrib.asgi import faust_app_running
from mode.utils.locks import Event

from streams.agents import shell as agents
from streams.agents.crashing import Crashes
from streams.agents.ending import done_before, left, over, stopped, told_to_stop
from streams.agents.pulse import beat
from streams.agents.recovery import HeldFlowTableManager
from streams.agents.refused import Unsaid, refused_of, until_refused
from streams.agents.repeating import Repeated
from streams.agents.rows import RowTable
from streams.agents.shell import Shell, worker_consumer
from streams.agents.speaking import Speaker
from streams.agents.voices import voice_name
from streams.agents.worker_app import WorkerApp
from streams.operating.endpoint import endpoint
from streams.operating.life import Life
from streams.operating.metrics import Metrics
from streams.operating.watch import Watch, tracing_of
from streams.processing.messages import Stream
from streams.processing.pipeline import steps
from streams.processing.step import Step
from streams.refusals import refusal
from streams.settings import Settings, kafka_client
from streams.topic_setup import verify_topics
from streams.topics import CHANGELOGS, STREAMS, on_broker

if TYPE_CHECKING:
    from streams.operating.tracing import Tracing

log = structlog.get_logger(__name__)

COMMIT_EVERY_S = 0.5
"""How often offsets are committed."""

LEADERS_ANEW_MS = 2_000
"""How often to ask who leads which partition. aiokafka asks when told that it is wrong, but not where
it looks for the position to read from: there it asks the broker that led before, again and again."""

NEW_OBJECTS, YOUNG, OLD = 20_000, 50, 100
"""After how many new objects the collector of cycles looks at them, and after how many times at older."""

SWITCH_S = 0.001
"""How long the thread that fetches waits for the one that folds, at most."""


def create_app(
    settings: Settings, tracing: "Tracing | None" = None, only: frozenset[str] | None = None
) -> WorkerApp:
    """Make the worker's app: agents, tables and topics, bound to no event loop yet.

    Args:
        settings: brokers and names.
        tracing: gets a span of every message, where it is given.
        only: the names of the steps to take; None stands for all.

    Raises:
        SlotritError: where no broker is configured.
    """
    app = WorkerApp(
        settings.app_id,
        **_connection(settings),
        store="memory://",
        processing_guarantee="at_least_once",
        topic_partitions=settings.partitions,
        topic_replication_factor=settings.replication,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        web_enabled=False,
        autodiscover=False,
        broker_commit_interval=COMMIT_EVERY_S,
        broker_max_poll_records=500,
        broker_session_timeout=settings.session_timeout_s,
        broker_heartbeat_interval=settings.session_timeout_s / 6,
        consumer_auto_offset_reset="earliest",
        consumer_metadata_max_age_ms=LEADERS_ANEW_MS,
        stream_wait_empty=True,
        worker_redirect_stdouts=False,
        Table=RowTable,
        TableManager=HeldFlowTableManager,
    )
    topics = {stream: _topic(app, settings, topic.name) for stream, topic in STREAMS.items()}
    ours = [step for step in steps(openings=settings.openings) if only is None or step.name in only]
    app.life = Life(settings.worker_stuck_after_s)
    app.crashes = Crashes()
    app.metrics = Metrics(tuple(step.name for step in ours))
    watch = Watch(app.metrics, tracing)
    app.shells = {step.name: _add_agent(app, settings, step, topics, watch) for step in ours}
    app.metrics.watch(
        in_hand=lambda name: app.shells[name].delivery.in_hand,
        stuck=app.life.stuck,
        recovering=lambda: app.life.recovering,
    )
    return app


def _connection(settings: Settings) -> dict[str, Any]:
    """Say where the brokers are, and how to log in, in Faust's terms."""
    client = kafka_client(settings)
    told: dict[str, Any] = {"broker": [f"kafka://{address}" for address in client["bootstrap_servers"]]}
    context = client.get("ssl_context")
    if "sasl_mechanism" in client:
        told["broker_credentials"] = SASLCredentials(
            username=client["sasl_plain_username"],
            password=client["sasl_plain_password"],
            mechanism=client["sasl_mechanism"],
            ssl_context=context,
        )
    elif context is not None:
        told["broker_credentials"] = SSLCredentials(context=context)
    return told


def _topic(app: faust.App, settings: Settings, name: str, **options: Any) -> TopicT:
    """Describe a topic of raw bytes: a decoder of Faust's would lose what it cannot decode."""
    return app.topic(
        on_broker(name, settings.topic_prefix),
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        allow_empty=True,
        partitions=settings.partitions,
        **options,
    )


def _add_agent(
    app: WorkerApp, settings: Settings, step: Step[Any], topics: dict[Stream, TopicT], watch: Watch
) -> Shell:
    changelog = CHANGELOGS.get(step.name)
    table: RowTable | None = None
    if changelog is not None:
        table = app.Table(  # type: ignore[assignment]
            step.name,
            key_type=bytes,
            value_type=bytes,
            partitions=settings.partitions,
            changelog_topic=_topic(
                app, settings, changelog.name, compacting=True, acks=False, internal=True, maxsize=131_072
            ),
        )
    outputs = {stream: on_broker(topic.name, settings.topic_prefix) for stream, topic in STREAMS.items()}
    written = [*outputs.values()]
    if changelog is not None:
        written.append(on_broker(changelog.name, settings.topic_prefix))
    name = voice_name(settings.app_id, step.name)
    speaker = Speaker(kafka_client(settings), name, written, fenced=settings.fenced)
    shell = Shell(
        app, step, topics[step.reads], outputs, table, settings.partitions, watch, speaker, app.crashes
    )

    async def agent(stream: StreamT[Any]) -> None:
        await agents.run(shell, stream)

    async def recovered() -> None:
        try:
            await agents.restore(shell)
        except Exception as failure:
            app.crashes.tell(step.name, failure)
            await app.crash(failure)
            raise

    app.agent(shell.source, name=f"slotrit.{step.name}", concurrency=1)(agent)
    if table is not None:
        table.on_recover(recovered)
    return shell


def _quiet_faust(crashes: Crashes) -> None:
    """Leave out what Faust says of its own coming and going, and again, unless everything is wanted."""
    if logging.getLogger().level > logging.DEBUG:
        for name in (
            "faust",
            "mode",
            "streams.agents.commits",
            "streams.agents.fetching",
            "streams.agents.recovery",
            "streams.agents.rows",
            "streams.agents.worker_app",
        ):
            logging.getLogger(name).setLevel(logging.WARNING)
        for handler in logging.getLogger().handlers:
            handler.addFilter(Unsaid())
            handler.addFilter(crashes)
            handler.addFilter(Repeated())


@asynccontextmanager
async def _looked_after(app: WorkerApp, settings: Settings) -> AsyncIterator[None]:
    """Serve metrics and health for the length of a block, where they are wanted."""
    if settings.worker_metrics_port is None:
        yield
        return
    host, port = settings.worker_metrics_host, settings.worker_metrics_port
    with endpoint(host, port, app.metrics, app.life) as address:
        log.info("worker.looked_after", metrics=f"{address}/metrics", health=f"{address}/healthz")
        beating = asyncio.create_task(beat(app))
        try:
            yield
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating


async def _work(settings: Settings, only: frozenset[str] | None) -> int:
    stop = told_to_stop()
    if not await done_before(stop, verify_topics(settings)):
        log.info("worker.stopped", crashed=False)
        return 0
    tracing = tracing_of(settings)
    app = create_app(settings, tracing, only)
    _quiet_faust(app.crashes)
    try:
        async with _looked_after(app, settings):
            return await _run(app, settings, stop)
    finally:
        if tracing is not None:
            await asyncio.to_thread(tracing.close)


def _waste_no_time() -> None:
    """Leave what a start has made alone for good, and look for cycles seldom.

    Python looks through all objects that there are whenever there are a quarter more, and through new ones
    every 700: pauses of some tens of milliseconds, time and again. What is folded is freed without that, as
    facts refer to nothing that refers to them; cycles come from tasks that fail, and are found young.
    """
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG, OLD)
    sys.setswitchinterval(SWITCH_S)


async def _run(app: WorkerApp, settings: Settings, stop: Event) -> int:
    running = faust_app_running(app)
    refused, stopping = asyncio.create_task(until_refused(app)), asyncio.create_task(stop.wait())
    starting = asyncio.create_task(running.__aenter__())
    await asyncio.wait({starting, refused, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        starting.result()
        await _until_over(app, settings, {asyncio.create_task(app.wait(stop)), refused})
    lacking = refused_of(app)
    if lacking is not None:
        log.error("worker.refused", reason=refusal(lacking, settings, "worker"))
        return over(crashed=True, quietly=True)
    if not starting.done():
        log.info("worker.stopped", crashed=False)
        code = over(crashed=False, quietly=True)
        await left(worker_consumer(app).leave())
        return code
    crashed = app.crashed or not stop.is_set()
    in_time = await stopped(asyncio.create_task(running.__aexit__(None, None, None)), crashed=crashed)
    log.info("worker.stopped", crashed=crashed)
    return over(crashed=crashed, quietly=not in_time)


async def _until_over(app: WorkerApp, settings: Settings, ends: set[asyncio.Task[Any]]) -> None:
    """Work until the first of some ends, where the start was none."""
    if not app.crashed:
        _waste_no_time()
        log.info(
            "worker.started", brokers=settings.brokers, app_id=settings.app_id, partitions=settings.partitions
        )
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)


def run_worker(settings: Settings, only: frozenset[str] | None = None) -> int:
    """Run a worker until it is told to stop (SIGTERM, SIGINT) or a promise is broken.

    Args:
        settings: brokers and names.
        only: the names of the steps to take; None stands for all.

    Returns:
        0 after a stop, 1 after a crash: start it again, it reads on from the last committed offset.

    Raises:
        SlotritError: where no broker answers, or a topic is missing or not as it must be.
    """
    return asyncio.run(_work(settings, only))

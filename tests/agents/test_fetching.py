"""The consumer's thread at the end of a worker (see `fetching.py`); what it fetches is tested on Kafka."""

from streams.agents.shell import worker_consumer
from streams.app import create_app
from streams.settings import Settings


async def test_a_thread_that_has_ended_can_be_stopped() -> None:
    """In a crash it ends by itself, and its loop with it; Faust told of an error when it was stopped."""
    thread = worker_consumer(create_app(Settings(brokers=("127.0.0.1:9092",))))._thread  # noqa: SLF001 - Faust's
    thread._started.set()  # noqa: SLF001 - as after a start
    thread._shutdown.set()  # noqa: SLF001 - as after its end
    thread.thread_loop.close()

    await thread.stop()

    assert thread.should_stop

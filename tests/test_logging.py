"""Logging: one JSON object a line for machines, quiet aiokafka."""

import io
import json
import logging

import structlog

from streams.logging import configure_logging


def test_json_is_one_object_a_line_with_keys() -> None:
    """An event of ours and one of a library both come out as JSON with the same keys, and one traceback."""
    out = io.StringIO()
    configure_logging("json", "INFO", out)

    structlog.get_logger("slotrit.worker").info("step_done", stream="timing", offset=4)
    try:
        int("thin ice")
    except ValueError:
        logging.getLogger("faust").exception("it %s", "broke")
    lines = [json.loads(line) for line in out.getvalue().splitlines()]

    assert [line["event"] for line in lines] == ["step_done", "it broke"]
    assert lines[0]["stream"] == "timing"
    assert lines[0]["offset"] == 4
    assert lines[0]["logger"] == "slotrit.worker"
    assert lines[1]["level"] == "error"
    assert "ValueError: invalid literal" in lines[1]["exception"]


def test_auto_is_json_where_there_is_no_terminal() -> None:
    """A file or a pipe gets JSON, without colour codes."""
    out = io.StringIO()
    configure_logging("auto", "INFO", out)

    structlog.get_logger().info("started")

    assert json.loads(out.getvalue())["event"] == "started"


def test_console_is_for_people_and_without_colour_off_a_terminal() -> None:
    """Console format names event and fields, and has no escape codes where nobody sees colours."""
    out = io.StringIO()
    configure_logging("console", "INFO", out)

    structlog.get_logger().info("started", partitions=4)

    assert "started" in out.getvalue()
    assert "partitions=4" in out.getvalue()
    assert "\x1b" not in out.getvalue()


def test_aiokafka_is_quiet_even_when_debugging() -> None:
    """Debug records of aiokafka are never made, whatever our own level is."""
    out = io.StringIO()
    configure_logging("json", "DEBUG", out)

    logging.getLogger("aiokafka.conn").info("chatter")
    logging.getLogger("slotrit").debug("ours")

    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["ours"]

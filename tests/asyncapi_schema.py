"""The official JSON Schema of AsyncAPI 3.0.0, from the npm package that its makers publish it in.

No Python package brings it, and a copy of it in here would be one that nobody compares. It is fetched once,
into the folder where the jars of Kafka are, and its SHA-512 is looked at each time.
"""

import base64
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pytest

from streams.brokers.jars import cache_folder

VERSION = "6.11.1"
SHA512 = "A3WBLqAKGoJ2+6FWFtpjBlCQ1oFCcs4GxF7zsIGvNqp/klGUHjlA3aAcZ9XMMpLGE8zPeYDz2x9FmO6DSuKraQ=="
"""As the registry has it under `dist.integrity`."""
MEMBER = "package/schemas/3.0.0.json"
FETCH_WITHIN_S = 120


def official_schema() -> dict[str, Any]:
    """Give the schema; skips the test where it cannot be had, and fails it where REQUIRE_BROWSER is set."""
    kept = cache_folder().parent / f"asyncapi-specs-{VERSION}.tgz"
    if not kept.is_file():
        _fetch(kept)
    content = kept.read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != SHA512:
        pytest.fail(f"{kept}: is not what it should be by its SHA-512; delete it", pytrace=False)
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        member = package.extractfile(MEMBER)
        assert member is not None
        schema: dict[str, Any] = json.load(member)
    return schema


def _fetch(kept: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        _cannot_be_had("there is no npm to fetch it with")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as arriving:
        command = [
            npm,
            "pack",
            "--loglevel=error",
            f"@asyncapi/specs@{VERSION}",
            "--pack-destination",
            arriving,
        ]
        try:
            subprocess.run(command, capture_output=True, text=True, timeout=FETCH_WITHIN_S, check=True)
        except subprocess.CalledProcessError as error:
            _cannot_be_had(f"npm could not fetch it: {(error.stderr.splitlines() or [error.returncode])[0]}")
        except subprocess.TimeoutExpired:
            _cannot_be_had(f"npm did not fetch it within {FETCH_WITHIN_S} s")
        # Of two who fetch at once one wins, with the same bytes.
        next(Path(arriving).iterdir()).replace(kept)


def _cannot_be_had(reason: str) -> NoReturn:
    """Skip, or fail where a machine is said to have everything (npm comes with the tests in a browser)."""
    said = f"AsyncAPI's official schema is not here: {reason}"
    if os.environ.get("REQUIRE_BROWSER", "") not in {"", "0"}:
        pytest.fail(f"REQUIRE_BROWSER is set, and {said}", pytrace=False)
    pytest.skip(f"THE ASYNCAPI DOCUMENT WAS NOT VALIDATED: {said}")

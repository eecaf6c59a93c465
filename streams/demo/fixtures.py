"""The meetings that can be shown."""

from pathlib import Path

import streams
from streams.errors import SlotritError


def fixture_path(name: str) -> Path:
    """Find a fixture by its name, in a checkout or in an installed wheel; or take a file as it is.

    Raises:
        SlotritError: where there is none; the message names those that there are.
    """
    package = Path(streams.__file__).parent
    folders = [folder for folder in (package.parent / "fixtures", package / "fixtures") if folder.is_dir()]
    for folder in folders:
        if (folder / f"{name}.jsonl").is_file():
            return folder / f"{name}.jsonl"
    if Path(name).is_file():
        return Path(name)
    there = sorted({file.stem for folder in folders for file in folder.glob("*.jsonl")})
    raise SlotritError(f"--fixture: there is no {name}; there are {', '.join(there)}")

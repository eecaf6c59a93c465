"""The pages: the scoreboard, the overlays, graphics for controllers, and the files that they need."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, HTTPException, Response
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "pages"
OVERLAYS = ("standings", "pair", "record")
FRESH = {"Cache-Control": "no-cache"}
"""A browser asks each time whether a file has changed: after an update nobody must see half an old page."""


class ForEverybody(StaticFiles):
    """Files that any web site may load; nothing in them is anybody's secret."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file."""
        response = await super().get_response(path, scope)
        response.headers.update({**FRESH, "Access-Control-Allow-Origin": "*"})
        return response


def add_pages(app: FastAPI) -> None:
    """Add the pages to an application."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def scoreboard() -> FileResponse:
        return FileResponse(FOLDER / "scoreboard.html", headers=FRESH)

    @router.get("/overlay/{name}")
    async def overlay(name: str) -> FileResponse:
        if name not in OVERLAYS:
            raise HTTPException(404, f"there is no overlay {name[:40]!r}; there are {', '.join(OVERLAYS)}")
        return FileResponse(FOLDER / "overlay" / f"{name}.html", headers=FRESH)

    @router.get("/favicon.ico")
    async def icon() -> FileResponse:
        return FileResponse(FOLDER / "icon.svg", media_type="image/svg+xml", headers=FRESH)

    app.include_router(router)
    app.mount("/assets", ForEverybody(directory=FOLDER), name="assets")
    app.mount("/ograf", ForEverybody(directory=FOLDER / "ograf", check_dir=False), name="ograf")

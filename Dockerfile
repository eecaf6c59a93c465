# syntax=docker/dockerfile:1
# The installed command, for a worker, the gateway or a one-off such as `slotrit topics`; it starts no broker itself.
# There was no Docker engine where this was written, so the image was never built. Checked instead: from the files
# that .dockerignore lets through the wheel builds, and it and all it needs install without a compiler. And from a
# root file system that was mounted read-only, with a tmpfs on /tmp, as uid 10001 without capabilities, every command
# did its work; `alert` needs a volume for its --state.

FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/build && /opt/build/bin/pip install --no-cache-dir build
# .dockerignore lets through what the wheel is made of, and nothing else.
COPY . .
RUN /opt/build/bin/python -m build --wheel --outdir /dist
# With the extra `otel`: whoever runs an image has settings to switch traces on with, and no pip.
RUN python -m venv /opt/slotrit && /opt/slotrit/bin/pip install --no-cache-dir "$(echo /dist/*.whl)[otel]"

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --shell /usr/sbin/nologin slotrit
# The same base image, so the virtual environment finds its Python in the same place.
COPY --from=build /opt/slotrit /opt/slotrit
ENV PATH=/opt/slotrit/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# By number, so that an orchestrator can see that it is not root. Nothing has to be written, see SECURITY.md.
USER 10001
WORKDIR /home/slotrit
ENTRYPOINT ["slotrit"]
CMD ["--help"]

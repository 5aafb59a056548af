FROM node:24-bookworm-slim AS client
WORKDIR /frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend ./
RUN npm run build

FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --user-group --uid 10001 --no-create-home jiedui \
    && install --directory --owner jiedui --group jiedui /data /kernels
WORKDIR /app
COPY requirements/run.lock requirements/run.lock
RUN pip install --require-hashes --requirement requirements/run.lock
COPY pyproject.toml README.md ./
COPY server server
COPY workers workers
RUN pip install --no-deps --no-build-isolation --editable .
COPY compose/entrypoint.sh /entrypoint.sh
COPY --from=client /frontend/dist frontend/dist
ENV JIEDUI_DATA=/data NUMBA_CACHE_DIR=/kernels
USER jiedui
RUN python -m server.docking.warming
EXPOSE 8000
ENTRYPOINT ["/entrypoint.sh"]
CMD ["uvicorn", "--factory", "server.app:create_app", "--host=0.0.0.0", "--port=8000", "--loop=uvloop"]

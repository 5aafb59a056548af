"""The one-machine default: real PostgreSQL and Valkey from wheels, supervised together with web and worker.

Nothing here is needed where both servers are provided from outside (`DATABASE_URL`, `REDIS_URL`).
"""

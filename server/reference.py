"""The interface's reference as one plain page, made from its own OpenAPI document."""

from html import escape
from typing import Any

STYLE = """
body{font:14px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2421;background:#fff}
h2{border-top:1px solid #7c8a84;padding-top:1rem;font-size:1.1rem}
h3{font:600 14px/1.6 ui-monospace,monospace;margin:1.2rem 0 0}
table{border-collapse:collapse}td,th{border:1px solid #c9d1cd;padding:.2rem .5rem;text-align:left;vertical-align:top}
pre{background:#f4f6f5;padding:.5rem;overflow:auto}
@media(prefers-color-scheme:dark){body{color:#e6ece9;background:#1a211e}pre{background:#242c29}}
"""


def render(document: dict[str, Any]) -> str:
    """HTML of an OpenAPI document: operations by tag, parameters, bodies, replies, schemas."""
    by_tag: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            by_tag.setdefault(described["tags"][0], []).append(_operation(method, path, described))
    sections = "".join(f"<h2>{escape(tag)}</h2>{''.join(found)}" for tag, found in by_tag.items())
    schemas = "".join(_schema(name, schema) for name, schema in document["components"]["schemas"].items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Jiedui API</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(document['info']['title'])} API {escape(document['info']['version'])}</h1>"
        f'<p>{escape(document["info"]["description"])} <a href="/openapi.json">openapi.json</a></p>'
        f"{sections}<h2>Schemas</h2>{schemas}</main></body></html>"
    )


def _operation(method: str, path: str, described: dict[str, Any]) -> str:
    parameters = "".join(
        f"<tr><td>{escape(each['name'])}</td><td>{each['in']}</td><td>{'required' if each['required'] else ''}</td>"
        f"<td>{escape(each['schema'].get('description', ''))}</td></tr>"
        for each in described.get("parameters", [])
    )
    table = f"<table><tr><th>name</th><th>in</th><th></th><th></th></tr>{parameters}</table>" if parameters else ""
    body = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    replies = ", ".join(f"{status} {escape(each['description'])}" for status, each in described["responses"].items())
    return (
        f"<h3>{method.upper()} {escape(path)}</h3><p>{escape(described['summary'])}</p>"
        f"<p>{escape(described.get('description', ''))}</p>{table}"
        + (f"<p>Body: {_reference(body)}</p>" if body else "")
        + f"<p>{replies}</p>"
    )


def _reference(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f'<a href="#{escape(name)}">{escape(name)}</a>'
    return f"<code>{escape(str(schema.get('type', 'object')))}</code>"


def _schema(name: str, schema: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>{escape(field)}</td><td>{_reference(each)}</td><td>{escape(each.get('description', ''))}</td></tr>"
        for field, each in schema.get("properties", {}).items()
    )
    return f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{escape(schema.get("description", ""))}</p><table>{rows}</table>'

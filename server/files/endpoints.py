"""Files over HTTP: the body of an upload is the file itself."""

from starlette.responses import Response

from server.files import service
from server.files.models import File
from server.files.policy import POLICY
from server.files.receiving import Received, receive
from server.files.rules import EXTENSIONS
from server.files.schemas import FileQuery, FileRead
from server.kit.endpoint import Call, Operations, Receiver

operations = Operations("files", POLICY)


@operations.upload("/files", action="upload", receives=Receiver(receive, tuple(EXTENSIONS)))
async def upload_file(call: Call, upload: Received) -> FileRead:
    """Upload a picture or a PDF of at most 10 MB; the body is the file, its type stands in Content-Type.

    Pictures are written anew, upright, without the place where they were taken and whatever else came with them. A file
    is its uploader's alone until it is put to a record.
    """
    return await service.keep(call.uow, call.actor, upload)


@operations.get("/files/{file_id:uuid}", action="read", loads=service.load)
async def read_file(call: Call, subject: File, query: FileQuery) -> Response:
    """The contents of a file, for whoever may read the record that it belongs to."""
    return await service.contents(subject, query, call.request.app.state.settings.data)

"""One task for a visitor with its link, read in two queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from studio.files.artifact import Artifact, ArtifactKind
from studio.files.artifact_store import ArtifactStore
from studio.files.storage import NotThere
from studio.journal.entry import State
from studio.journal.share_links import MoreParameters, ShareLinks, more_parameters


@dataclass(frozen=True, kw_only=True)
class SharedTask:
    """One task, read-only: nothing in it names the owner, the account or the task at the service."""

    state: State
    is_simulated: bool
    model_name: str | None
    mode: str | None
    # seconds, as the service writes them
    duration: str | None
    prompt: str | None
    negative_prompt: str | None
    cfg_scale: float | None
    # on this machine; None when it is not finished, was removed, or has vanished
    video: Path | None = field(repr=False)
    # a file, or the bytes of the thumbnail; None when neither is there
    picture: Path | bytes | None = field(repr=False)


def read_shared_task(shares: ShareLinks, artifacts: ArtifactStore, token: str) -> SharedTask | None:
    """The task that the link of this token shows; None for one that was withdrawn or never was.

    Raises:
        StorageProblem: a kept file cannot be read. One that has vanished is left out instead: how to get it
            again is its owner's to know.
    """
    shared = shares.find_shared(token)
    if shared is None:
        return None
    files = {file.kind: file for file in artifacts.files_of(shared.entry_id) if file.removed_at is None}
    more = _more_parameters(artifacts, files)
    return SharedTask(
        state=shared.state,
        is_simulated=shared.is_simulated,
        model_name=shared.model_name,
        mode=shared.mode,
        duration=shared.duration,
        prompt=shared.prompt,
        negative_prompt=more.negative_prompt,
        cfg_scale=more.cfg_scale,
        video=_path(artifacts, files.get(ArtifactKind.VIDEO)),
        picture=_path(artifacts, files.get(ArtifactKind.POSTER)) or shared.thumbnail,
    )


def _more_parameters(artifacts: ArtifactStore, files: Mapping[ArtifactKind, Artifact]) -> MoreParameters:
    request = _path(artifacts, files.get(ArtifactKind.REQUEST))
    return MoreParameters() if request is None else more_parameters(request.read_bytes())


def _path(artifacts: ArtifactStore, file: Artifact | None) -> Path | None:
    try:
        return None if file is None else artifacts.fetch_local_path(file)
    except NotThere:
        return None

"""Errors that a person reads: what happened, why, and what to do next.

StudioError
├── ImageProblem      an upload or sample cannot be used as a picture   (studio/pictures/upload_checks.py)
├── UrlProblem        a picture's public URL cannot be used or loaded    (studio/pictures/picture_url.py)
├── SubmitProblem     a request made no task                             (studio/tasks/error_messages.py)
├── LookupProblem     a task could not be looked up                      (studio/tasks/error_messages.py)
├── JournalProblem    the journal cannot do what is asked              (studio/journal/queries.py)
├── StoreProblem      the database cannot be used                      (studio/journal/database.py)
├── DownloadProblem   a finished video could not be fetched yet          (studio/files/video_download.py)
├── StorageProblem    a file could not be kept, read or removed          (studio/files/storage.py)
├── NoSuchVideo       a person has no such kept video                    (studio/files/artifact_store.py)
├── ShareProblem      a task cannot be shared                            (studio/journal/share_links.py)
├── SpendingCapReached   a task would go over what one may spend today   (studio/journal/spending_cap.py)
├── LoginProblem      who somebody is cannot be told                     (studio/owners.py)
├── KeyProblem        a key cannot be used                               (studio/service/endpoint.py)
├── RecipeProblem     a recipe, or a draft that was kept, cannot be read   (studio/recipes/manifest.py)
├── ControlProblem    the simulator could not be told what to do       (studio/service/simulator_control.py)
└── SettingsProblem   a setting of the deployment is unusable            (studio/settings.py)
"""


class StudioError(Exception):
    """An error that a person can put right.

    Attributes:
        what: what happened, one short sentence.
        why: the cause, as far as it is known.
        next_step: what to do about it.
    """

    def __init__(self, what: str, why: str, next_step: str) -> None:
        super().__init__(f"{what} {why} {next_step}")
        self.what = what
        self.why = why
        self.next_step = next_step

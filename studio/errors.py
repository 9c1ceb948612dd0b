"""Errors that a person reads: what happened, why, and what to do next.

StudioError
├── ImageProblem      an upload or sample cannot be used as a picture   (studio/uploads.py)
├── UrlProblem        a picture's public URL cannot be loaded            (studio/fetch.py)
├── SubmitProblem     a request made no task                             (studio/messages.py)
├── LookupProblem     a task could not be looked up                      (studio/messages.py)
├── JournalProblem    the journal cannot do what is asked              (studio/journal_reads.py)
├── StoreProblem      the database cannot be used                      (studio/store.py)
├── DownloadProblem   a finished video could not be fetched yet          (studio/download.py)
├── StorageProblem    a file could not be kept, read or removed          (studio/storage.py)
├── NoSuchVideo       a person has no such kept video                    (studio/artifacts.py)
├── ShareProblem      a task cannot be shared                            (studio/shares.py)
├── SpendingCapReached   a task would go over what one may spend today   (studio/spending.py)
├── LoginProblem      who somebody is cannot be told                     (studio/people.py)
├── KeyProblem        a key cannot be used                               (studio/far_end.py)
├── RecipeProblem     a recipe, or a draft that was kept, cannot be read   (studio/plain.py)
├── ControlProblem    the simulator could not be told what to do       (studio/simulator_control.py)
└── SettingsProblem   a setting of the deployment is unusable            (studio/settings.py)
"""


class StudioError(Exception):
    """Something a person can mend.

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

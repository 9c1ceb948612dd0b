"""Which entries are started again."""

from studio.tasks.recovery import without_workflow
from studio.tasks.runner import RunningWorkflow
from tests.support.make import entry


def test_an_entry_that_no_workflow_runs_is_found_and_no_other() -> None:
    """One that is run is not started again."""
    entries = (entry(entry_id="e1"), entry(entry_id="e2"))
    running = RunningWorkflow(workflow_id="e1.0", entry_id="e1", executor_id="me")
    assert [found.entry_id for found in without_workflow(entries, [running])] == ["e2"]

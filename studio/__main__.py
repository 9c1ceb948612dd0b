"""`python -m studio export`: what a recipe draws, as files for other tools and for other models."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kling import Finding
from kling.task_ids import new_external_task_id
from studio.checks.model_checks import use_model
from studio.checks.preflight import may_send, preflight
from studio.errors import StudioError
from studio.recipes.export_files import export_files, possible_names
from studio.recipes.recipe_file import load_recipe
from studio.request.compose import compose
from studio.request.draft import Carrier, Draft
from studio.request.external_ids import without_external_id

DONE, FAILED, MAY_NOT_BE_SENT = 0, 1, 2
_CARRIERS = tuple(carrier.value for carrier in Carrier if carrier is not Carrier.NONE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; findings and errors go to standard error, in words.

    Returns:
        0: written. 1: the recipe cannot be read, or a file not be written. 2: the request may not be sent.
    """
    options = _parser().parse_args(arguments)
    try:
        return _export(options)
    except (StudioError, OSError) as problem:
        print(problem, file=sys.stderr)  # noqa: T201 — a command's words
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m studio")
    export = parser.add_subparsers(required=True).add_parser(
        "export",
        help="write a recipe's request, pictures, masks, tracks and animated drawing as files",
        description="Writes request.json, first_frame.png, last_frame.png (where one is sent), masks/*.png, "
        "trajectories.json and motion.mp4. Exits with 2 and the findings when the request may not be sent.",
    )
    export.add_argument("recipe", type=Path, help="a .motion file")
    export.add_argument("folder", type=Path, help="made if it is not there")
    export.add_argument("--model", help="another model than the recipe's")
    export.add_argument("--mode", help="std or pro")
    export.add_argument("--duration", help="seconds")
    export.add_argument(
        "--carrier", choices=_CARRIERS, help="how the drawing is sent; by default the best way"
    )
    return parser


def _export(options: argparse.Namespace) -> int:
    recipe = load_recipe(options.recipe.read_bytes())
    draft = _chosen(without_external_id(recipe.draft) if recipe.task else recipe.draft, options)
    composed = compose(draft)
    findings = preflight(draft, composed)
    _print_findings(findings)
    if not may_send(findings):
        return MAY_NOT_BE_SENT
    named = replace(
        composed.request, external_task_id=composed.request.external_task_id or new_external_task_id()
    )
    _write(export_files(draft, named), options.folder)
    return DONE


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files, and remove those of an earlier export that are not among them."""
    for name in possible_names() - files.keys():
        (folder / name).unlink(missing_ok=True)
    for name, data in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _chosen(draft: Draft, options: argparse.Namespace) -> Draft:
    """Make the choices of the command line in a draft."""
    chosen = use_model(draft, options.model) if options.model else draft
    given = {name: value for name in ("mode", "duration") if (value := getattr(options, name)) is not None}
    if options.carrier:
        given["carrier"] = Carrier(options.carrier)
    return replace(chosen, parameters=replace(chosen.parameters, **given))


def _print_findings(findings: tuple[Finding, ...]) -> None:
    for found in findings:
        print(f"{found.severity}: {found.problem} {found.remedy}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())

"""All kinds by their names."""

from typing import Final

from tests.fuzz import addresses, answers, files, keys, mutants, recipes
from tests.fuzz.trial import Kind

KINDS: Final[dict[str, Kind]] = {
    "files": files.KIND,
    "mutants": mutants.KIND,
    "recipes": recipes.KIND,
    "answers": answers.KIND,
    "addresses": addresses.KIND,
    "keys": keys.KIND,
}

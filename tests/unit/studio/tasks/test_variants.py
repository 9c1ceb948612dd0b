"""A batch in words and numbers."""

from decimal import Decimal

from studio.tasks.variants import as_batch, batch_price
from tests.support.make import new_task


def test_the_sum_counts_what_is_known_and_says_what_is_not() -> None:
    """No dollar sign: two of them in one text are a formula in Markdown."""
    assert batch_price([Decimal("0.14"), Decimal("0.35")]).words == "0.49 USD"
    assert batch_price([Decimal("0.14"), None]).words == "0.14 USD and 1 whose price is not known here"


def test_each_task_of_a_click_has_a_token_of_its_own_and_the_same_one_every_time() -> None:
    """The first has the click's own; the journal takes 64 characters."""
    click = [new_task("one")] * 3
    tokens = [task.click_token for task in as_batch(click)]
    assert tokens == [task.click_token for task in as_batch(click)]
    assert len(set(tokens)) == 3
    assert tokens[0] == click[0].click_token
    assert {len(token) for token in tokens[1:]} == {64}

"""Variants with their requests, each checked like a draft of its own."""

from dataclasses import dataclass
from decimal import Decimal

from kling import Finding, Severity, price_usd
from kling.model_lives import model_life
from studio.checks.model_checks import LifeOf
from studio.checks.preflight import may_send, preflight
from studio.request.compose import Composed, compose
from studio.request.draft import Draft
from studio.request.variants import variant_title


@dataclass(frozen=True, kw_only=True)
class CheckedVariant:
    """A variant as it would be sent."""

    draft: Draft
    composed: Composed
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """Its name."""
        return variant_title(self.draft, self.composed.carrier)

    @property
    def may_send(self) -> bool:
        """Whether nothing is wrong with it."""
        return may_send(self.findings)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The reasons why it cannot be sent."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings to be known before it is sent."""
        return tuple(found for found in self.findings if found.severity is Severity.WARNING)

    @property
    def list_price_usd(self) -> Decimal | None:
        """The list price; None where it is not known."""
        chosen = self.draft.parameters
        return price_usd(chosen.model_name, chosen.mode, chosen.duration)


def check_variant(draft: Draft, life_of: LifeOf = model_life) -> CheckedVariant:
    """Compose and check one variant, exactly as it would be sent."""
    composed = compose(draft)
    return CheckedVariant(draft=draft, composed=composed, findings=preflight(draft, composed, life_of))

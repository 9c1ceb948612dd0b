"""Send several: one draft on several models, modes, carriers and prompts, checked and paid as one batch."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from components import layer_colours, session
from components.create import sending
from components.foreign_text import markdown
from components.frame import lost_key
from components.runtime import services
from kling.model_lives import ModelState, model_life
from kling.prices import PRICES_AS_OF
from kling.rules import DEFAULT_MODE, MODES
from studio.checks.variant_checks import CheckedVariant, check_variant
from studio.request.draft import Carrier, Draft
from studio.request.model_options import LISTED_MODELS, state_words
from studio.request.variants import MOST_VARIANTS, VariantChoice, prompts_of, variants_of
from studio.service.endpoint import ServiceEndpoint
from studio.short_text import shortened
from studio.tasks.variants import batch_price

PROMPT_CHARS = 50
_CARRIERS = {
    None: "Best way",
    Carrier.BRUSH: "Motion brush",
    Carrier.FRAME: "Last frame",
    Carrier.WORDS: "Words only",
    Carrier.NONE: "Not at all",
}


def show_entry() -> None:
    """Show the button that leads here from the review of one."""
    st.button("Send several …", icon=":material/library_add:", type="tertiary", on_click=_open)


def show(draft: Draft, endpoint: ServiceEndpoint) -> None:
    """Show the choice, each variant with its price and findings, the sum, and Send."""
    choice, result = st.columns([2, 3], gap="medium")
    with choice:
        found = variants_of(draft, _choose(draft))
    with result:
        chosen = _show_variants(found, endpoint)
        _show_sum(chosen, endpoint)
        is_key_lost = lost_key.is_lost()
        if is_key_lost:
            lost_key.show_choice("variants")
        else:
            _show_buttons(chosen, endpoint)
        if session.current().sending and chosen and not is_key_lost:
            _send(draft, chosen, endpoint)


def _show_variants(variants: Sequence[Draft], endpoint: ServiceEndpoint) -> list[CheckedVariant]:
    """Show each variant; those that are to be sent."""
    if len(variants) > MOST_VARIANTS:
        st.error(f"These are {len(variants)}. At most {MOST_VARIANTS} are sent together: choose fewer.")
        return []
    life_of = services().models.table(endpoint).life_of
    many_prompts = len({variant.parameters.prompt for variant in variants}) > 1
    checked = [check_variant(variant, life_of) for variant in variants]
    with st.container(gap="small"):
        return [variant for variant in checked if _is_kept(variant, with_prompt=many_prompts)]


def _choose(draft: Draft) -> VariantChoice:
    own = draft.parameters
    models = st.multiselect(
        "Models",
        list(dict.fromkeys((own.model_name, *LISTED_MODELS))),
        default=[own.model_name],
        format_func=_model_words,
        key="variant-models",
    )
    with st.container(horizontal=True):
        modes = st.pills(
            "Modes", MODES, selection_mode="multi", default=own.mode or DEFAULT_MODE, key="variant-modes"
        )
        carriers = _choose_carriers(draft)
    prompts = st.text_area(
        "More prompts, one on each line", key="variant-prompts", height=70, placeholder="None"
    )
    return VariantChoice(
        models=tuple(models),
        modes=tuple(modes),
        carriers=tuple(carriers),
        prompts=prompts_of(own.prompt, prompts or ""),
    )


def _model_words(model_name: str) -> str:
    life = model_life(model_name)
    return model_name if life.state is ModelState.LIVING else f"{model_name} · {state_words(life)}"


def _choose_carriers(draft: Draft) -> Sequence[Carrier | None]:
    """The ways in which the drawing is sent; there is no choice where nothing is drawn."""
    own = draft.parameters.carrier
    if draft.drawing is None or draft.drawing.is_empty:
        return (own,)
    chosen = st.pills(
        "How the drawing is sent",
        list(_CARRIERS),
        selection_mode="multi",
        default=[own],
        format_func=_CARRIERS.__getitem__,
        key="variant-carriers",
    )
    return chosen or (own,)


def _is_kept(variant: CheckedVariant, *, with_prompt: bool) -> bool:
    """Show a variant; whether it is to be sent. What is wrong is left out by the person alone."""
    prompt = variant.draft.parameters.prompt
    name = hashlib.sha256(f"{variant.title}\n{prompt}".encode()).hexdigest()[:12]
    label = f"{variant.title} · {_quoted(prompt)}" if with_prompt else variant.title
    with st.container(horizontal=True, horizontal_alignment="distribute", gap="small"):
        is_kept = st.checkbox(markdown(label), value=True, key=f"variant-{name}")
        warned = "\n\n".join(markdown(f"{found.problem} {found.remedy}") for found in variant.warnings)
        sign = ":material/warning: " if warned else ""
        st.caption(f"{sign}{_price(variant.list_price_usd)}", width="content", help=warned or None)
    for found in variant.errors if is_kept else ():
        st.error(markdown(f"{found.problem} {found.remedy}"), icon=":material/error:")
    return is_kept


def _quoted(prompt: str) -> str:
    return f"“{shortened(prompt, PROMPT_CHARS)}”" if prompt else "no prompt"


def _price(usd: Decimal | None) -> str:
    return "price not known" if usd is None else f"{usd:.2f} USD"


def _show_sum(chosen: Sequence[CheckedVariant], endpoint: ServiceEndpoint) -> None:
    """Show the price of all of them, who pays, and what is left of the day's cap."""
    if not chosen:
        return
    price = batch_price([variant.list_price_usd for variant in chosen])
    videos = "videos" if len(chosen) > 1 else "video"
    st.markdown(f"**{len(chosen)} {videos}, together {price.words}** · list prices of {PRICES_AS_OF}")
    if endpoint.simulated:
        st.caption("The simulator costs nothing: that is what CometAPI would charge.")
        return
    st.caption(f"Paid with {'your own key' if session.current().api_key else 'this app’s key'}.")
    allowance = services().tasks.allowance(session.current().owner, endpoint)
    if allowance is not None:
        st.caption(allowance.words(None if price.unknown else price.known_usd))


def _show_buttons(chosen: Sequence[CheckedVariant], endpoint: ServiceEndpoint) -> None:
    wrong = sum(not variant.may_send for variant in chosen)
    if wrong:
        st.caption(f"{wrong} of them cannot be sent so: change the choice, or leave them out.")
    with st.container(horizontal=True):
        st.button(
            f"Send {len(chosen)} to {endpoint.name}",
            type=layer_colours.main_button(),
            icon=":material/send:",
            disabled=not chosen or wrong > 0,
            on_click=sending.ask_to_send,
        )
        st.button("Only one", icon=":material/arrow_back:", type="tertiary", on_click=_close)


def _send(draft: Draft, chosen: Sequence[CheckedVariant], endpoint: ServiceEndpoint) -> None:
    requests = [(variant.composed.request, variant.draft) for variant in chosen]
    sending.send(
        draft,
        endpoint,
        lambda current: services().tasks.submit_batch(current.owner, endpoint, requests, current.click_token),
    )


def _open() -> None:
    session.current().is_several = True


def _close() -> None:
    session.current().is_several = False

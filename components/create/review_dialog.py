"""The review: the request shown once more before anything is paid, and the button that sends it."""

import secrets

import streamlit as st

from components import layer_colours, session, web_picture
from components.create import findings as findings_at
from components.create import sending, tail_frame, variants
from components.foreign_text import markdown
from components.frame import lost_key
from components.runtime import services
from kling import Finding, ImageToVideoRequest
from kling.prices import PRICES_AS_OF, price_usd
from studio.pictures.source_image import SourceImage
from studio.preview.still import overlay_jpeg
from studio.request.carriers import carrier_sentence
from studio.request.compose import Composed
from studio.request.draft import Draft, Parameters
from studio.request.words import motion_words
from studio.service.endpoint import ServiceEndpoint

MAX_SIDE_PX = 720


def open_review() -> None:
    """Open the review; for a callback."""
    current = session.current()
    current.reviewing, current.sending, current.click_token = True, False, secrets.token_hex(16)
    current.is_several = False


def close_review() -> None:
    """Close the review."""
    current = session.current()
    current.reviewing = current.sending = False


@st.dialog("What will be sent", width="large", on_dismiss=close_review)
def show(draft: Draft, composed: Composed, findings: tuple[Finding, ...], endpoint: ServiceEndpoint) -> None:
    """Show the picture with all directions, the exact JSON without image bytes, the price, and Send."""
    if session.current().is_several:
        variants.show(draft, endpoint)
        return
    seen, facts = st.columns([3, 2], gap="medium")
    with seen:
        _picture(draft, composed)
    with facts:
        findings_at.show(findings, *{found.field.split("[")[0] for found in findings})
        st.markdown(f"**{markdown(_chosen(draft.parameters))}**")
        _prompt(draft)
        _extra_fields(draft.parameters.extra_fields)
        if draft.tail:
            st.caption("The last frame")
            tail_frame.show_picture(draft.tail)
        st.caption(_price(draft.parameters, endpoint))
        _show_allowance(draft.parameters, endpoint)
        is_key_lost = lost_key.is_lost()
        if is_key_lost:
            lost_key.show_choice("review")
        else:
            _show_send(endpoint)
            variants.show_entry()
        place_for_problem = st.container()
        with st.expander("The request as JSON, without the image bytes", icon=":material/data_object:"):
            st.json(composed.request.to_wire_summary(), expanded=2)
    if session.current().sending and not is_key_lost:
        with place_for_problem:
            _send(draft, composed, endpoint)


def _show_send(endpoint: ServiceEndpoint) -> None:
    st.button(
        f"Send to {endpoint.name}",
        type=layer_colours.main_button(),
        icon=":material/send:",
        width="stretch",
        on_click=sending.ask_to_send,
    )


def _picture(draft: Draft, composed: Composed) -> None:
    if draft.picture and draft.picture.source:
        with st.spinner("Reading the request back …"):
            shown = overlay_jpeg(
                composed.request, composed.layers, layer_colours.RGB, max_side_px=MAX_SIDE_PX
            )
            frame = None if draft.tail else _last_frame(composed)
        first, last = st.columns(2) if frame else (st.container(), None)
        with first:
            st.image(shown, alt="The picture with masks and paths as they will be sent", width="content")
            st.caption("Read back out of the request: what stays, what moves, and where it goes.")
        if last and frame:
            last.image(frame, alt="The last frame as it will be sent", width="content")
            last.caption("The last frame, rendered from your drawing. Read back out of the request too.")
            if composed.last_frame:
                with last:
                    _download(composed.last_frame.picture)
    elif draft.picture and draft.picture.url:
        web_picture.show(draft.picture.url, "The picture at the given address")


def _download(frame: SourceImage) -> None:
    st.download_button(
        "Download the last frame",
        frame.wire_bytes,
        file_name=f"last_frame.{'png' if frame.media_type == 'image/png' else 'jpg'}",
        mime=frame.media_type,
        icon=":material/download:",
        on_click="ignore",
    )


def _last_frame(composed: Composed) -> bytes | None:
    """The rendered last frame, read back out of the request; None where none is sent."""
    if not composed.request.image_tail:
        return None
    alone = ImageToVideoRequest(image=composed.request.image_tail, model_name=composed.request.model_name)
    return overlay_jpeg(alone, (), layer_colours.RGB, max_side_px=MAX_SIDE_PX)


def _prompt(draft: Draft) -> None:
    """Show the prompt as it will be sent, and which part of it comes from the drawing."""
    prompt, words = draft.parameters.prompt, motion_words(draft)
    if said := carrier_sentence(draft):
        st.text(said)
    # not Markdown: as it will be sent
    st.text(prompt or ("No prompt of your own" if words.text else "No prompt"))
    if words.text:
        with st.container(border=True, key="review-words"):
            st.caption("And after it, your own words for the drawing" if words.is_edited else _FROM_DRAWING)
            st.text(words.text)


_FROM_DRAWING = "And after it, from your drawing"


def _extra_fields(text: str) -> None:
    """Show the fields that nothing here checks."""
    if text.strip():
        st.warning("Extra fields, sent as typed. Nobody checked them:", icon=":material/data_object:")
        st.code(text, language="json")


def _chosen(chosen: Parameters) -> str:
    return " · ".join(part for part in (chosen.model_name, chosen.mode, f"{chosen.duration} s") if part)


def _price(chosen: Parameters, endpoint: ServiceEndpoint) -> str:
    price = price_usd(chosen.model_name, chosen.mode, chosen.duration)
    known = f"List price ${price} ({PRICES_AS_OF})" if price is not None else "The price is not known here"
    if endpoint.simulated:
        return f"The simulator costs nothing. At CometAPI: {known[0].lower()}{known[1:]}."
    payer = "your own key" if session.current().api_key else "this app's key"
    return f"{known}. Paid with {payer}."


def _show_allowance(chosen: Parameters, endpoint: ServiceEndpoint) -> None:
    """Show the rest of the day's cap, where the deployment has one."""
    allowance = services().tasks.allowance(session.current().owner, endpoint)
    if allowance is not None:
        st.caption(allowance.words(price_usd(chosen.model_name, chosen.mode, chosen.duration)))


def _send(draft: Draft, composed: Composed, endpoint: ServiceEndpoint) -> None:
    sending.send(
        draft,
        endpoint,
        lambda current: services().tasks.submit(
            current.owner, endpoint, composed.request, current.click_token, draft
        ),
    )

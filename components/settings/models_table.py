"""Every model: its state, what was seen of it and when, its price, and by what a drawing reaches it."""

import streamlit as st

from components.runtime import services
from studio.request.model_options import carriers_in_words, state_words
from studio.service.endpoint import ServiceEndpoint
from studio.service.model_evidence import TABLE_DATE, ModelTable


def show(endpoint: ServiceEndpoint) -> None:
    """Show the table, folded away."""
    table = services().models.table(endpoint)
    st.subheader("Models")
    if table.is_simulated:
        st.caption("What this simulator has done. CometAPI may not serve every model that it plays.")
    st.dataframe(_rows(table), hide_index=True, width="stretch")
    st.caption(
        f"{TABLE_DATE} What this app saw itself outweighs it. A listing proves a price, not that a video "
        "is made."
    )


def _rows(table: ModelTable) -> list[dict[str, str]]:
    return [
        {
            "Model": model_name,
            "State": state_words(known.life),
            "Your drawing": carriers_in_words(model_name),
            "Price": known.price_words,
            "Evidence": known.words,
        }
        for model_name, known in table.listed.items()
    ]

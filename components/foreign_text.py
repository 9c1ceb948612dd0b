"""Text of others where Streamlit takes Markdown, shown letter for letter: names, ids, a service's words.

Where a text stands alone, `st.text` shows it as it is. Labels, boxes, captions and toasts take Markdown, in
which it could be a picture of another host, a link, a heading or an icon.
"""

import re

_NOTHING = ":gray[]"
"""An element without letters: no step after the Markdown takes the text on both sides for one word."""
_SPECIAL = re.compile(
    r"""
      (?P<parted>
        :(?=[\w+/:\[-])            # :icon:  :colour[…]  https://
      | @(?=\w) | \bwww(?=\.)      # addresses without a scheme
      | [<>~](?==) | <(?=-) | -(?=[->])   # arrows and other signs that are drawn as one
      )
    | (?P<sign> [\\`*\[\]<>$~|] | &(?=[#\w])          # begins something wherever it stands,
              | _(?![^\W_]) | (?<![^\W_])_ )         # but _ not within a word
    | (?P<line> ^[^\S\n]*(?:[#+=-]|\d+(?=[.)])) )         # begins a heading, a list or a rule
    | (?P<end> \n )
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)


def markdown(text: str) -> str:
    """Return Markdown that shows this text letter for letter; its line breaks stay."""
    return _SPECIAL.sub(_escaped, text.replace("\r\n", "\n").replace("\r", "\n"))


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    if found["end"]:
        return "\\\n"
    if found["line"]:
        stripped = sign.lstrip()
        return f"{stripped}\\" if stripped.isdigit() else f"\\{stripped}"
    if found["parted"]:
        return ("" if sign.isalpha() else "\\") + sign + _NOTHING
    return f"\\{sign}"

"""Text of others is shown letter for letter, and by one way only."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from components.foreign_text import markdown

ROOT = Path(__file__).parent.parent.parent.parent
NOTHING = ":gray[]"
TEXTS = (
    "*final*_~v2~.png",
    ":material_home: :smile:.jpg",
    "![x](http127).png",
    ":red[x] [y](z).png",
    "# head.png",
    "1. one.png",
    "a $1 b $2.png",
    "need **$5** for :red[this]; ![x](http://127.0.0.1:9/p.png)",
    "see https://example.org/a_b and www.example.org or me@example.org",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    "<b>bold</b> <img src=http://127.0.0.1:9/x> &amp; `code` C:\\new",
    "one\n- two\n> three\n+ four\n5) five\n===\n---\n    six",
    "[x]: http://127.0.0.1:9/y\n[x]",
    "| a |\n|---|\n| b |",
    "task_id _a_ __b__ a__b_ _ ***c***",
)
# What Streamlit looks for after the Markdown: icons, colours and addresses; arrows.
AFTERWARDS = re.compile(
    r":[\w+-]+:|:[\w-]+\[(?!\])|https?:/|www\.|\w@\w|(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)", re.IGNORECASE
)


@pytest.mark.parametrize("text", TEXTS)
def test_markdown_of_a_text_shows_its_letters_and_nothing_else(text: str) -> None:
    """No emphasis, no link, no picture, no list; lines stay lines."""
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown(text))
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "br"}
    shown = unescape(re.sub(r"<[^>]+>", "", html)).replace(NOTHING, "")
    assert [line.strip() for line in shown.strip().split("\n")] == [line.strip() for line in text.split("\n")]


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_left_that_streamlit_draws_as_something_else(text: str) -> None:
    """It looks into words, so that each is parted by an element without letters."""
    html = MarkdownIt("commonmark").render(markdown(text))
    words = unescape(re.sub(r"<[^>]+>", "", html)).replace(NOTHING, "\0")
    assert not AFTERWARDS.search(words)


# Takes Markdown as its first argument or by these names.
TAKES_MARKDOWN = {
    "badge",
    "box",
    "button",
    "caption",
    "checkbox",
    "download_button",
    "error",
    "expander",
    "file_uploader",
    "form_submit_button",
    "header",
    "image",
    "info",
    "link_button",
    "markdown",
    "menu_button",
    "number_input",
    "page_link",
    "pills",
    "popover",
    "progress",
    "radio",
    "segmented_control",
    "selectbox",
    "slider",
    "spinner",
    "status",
    "subheader",
    "success",
    "tabs",
    "text_area",
    "text_input",
    "title",
    "toast",
    "toggle",
    "warning",
    "write",
}
NAMED = {"label", "body", "text", "help", "caption", "captions", "title"}
# Words of our own, made from constants, enums and numbers.
OURS = {
    "GONE",
    "SAME",
    "TOO_FEW",
    "UNKNOWN",
    "WITHOUT_VIDEO",
    "_about(compared.playable)",
    "job.share",
    "page_paths.TASKS",
    "phrase_group",
    "price_words(view.entry)",
    "product.label",
    "sign",
    "warned",
    "MOST_VARIANTS",
    "PRICES_AS_OF",
    "_price(variant.list_price_usd)",
    "_words(balance)",
    "allowance.words(None if price.unknown else price.known_usd)",
    "end.entry_id",
    "len(chosen)",
    "len(ends)",
    "len(variants)",
    "list(kinds)",
    "price.words",
    "spent.unpriced",
    "videos",
    "wrong",
    "TABLE_DATE",
    "len(whole_prompt(draft))",
    "MAX_PROMPT_CHARS",
    "_LABELS[carrier]",
    "place",
    "_FROM_DRAWING",
    "' '.join(notes).strip()",
    "'\\n'.join((f'- {fact}' for fact in service_facts()))",
    "BY_HAND",
    "BY_NUMBERS",
    "MAY_BE_PAID.format(id=markdown(entry.external_task_id or entry.lookup_id))",
    "NOTHING_PAID",
    "APP_PAYS",
    "SIMULATED",
    "page_paths.SETTINGS",
    "percent",
    "UNCLEAR.format(charge=_charge(entry))",
    "IS_ASIDE.format(charge=_charge(entry))",
    "PUT_ASIDE.format(charge=_charge(entry))",
    "[failure.outcome for failure in FAILURES]",
    "_ANONYMOUS",
    "_WHAT",
    "_advice(len(offered))",
    "_contents(layer_summary(drawing, layer))",
    "_cost()",
    "_cut_out_words(reason)",
    "_left_on_service(entry, now)",
    "_name(layer, chosen=layer is current.layer)",
    "_price(draft.parameters, endpoint)",
    "'  \\n'.join(lines)",
    "MOST_BYTES",
    "_KINDS[file.kind]",
    "_WHERE",
    "_price(view.entry)",
    "_size(yours)",
    "aside",
    "count",
    "file.size_bytes",
    "gone",
    "happened[0].at.astimezone(zone)",
    "len(files)",
    "len(kept)",
    "page_paths.COMPARE",
    "pinned",
    "size",
    "task_card.time_words(view.entry, now, is_short=True)",
    "time_words(entry, now)",
    "title",
    "view.queue_position",
    "allowance.words(price_usd(chosen.model_name, chosen.mode, chosen.duration))",
    "arrow",
    "axis",
    "by_hand_notice(view.video.created_at)",
    "endpoint.name",
    "example.title",
    "example.words",
    "height",
    "help_text",
    "hidden",
    "label",
    "layer.label",
    "len(LESSONS)",
    "len(rest)",
    "len(state.armed_faults)",
    "len(text)",
    "lesson.title",
    "lesson.words",
    "limit",
    "older",
    "page_paths.CREATE",
    "removal_notice(view.video.removed_at)",
    "sample.title",
    "share",
    "side",
    "size_image_px[0]",
    "size_image_px[1]",
    "state.quick_s",
    "step.value",
    "tick",
    "video.kept_at",
    "video.size_bytes",
    "width",
    "yours",
}


def pieces(node: ast.expr) -> Iterator[ast.expr]:
    """What a text is put together from."""
    match node:
        case ast.JoinedStr(values=values):
            for value in values:
                yield from pieces(value)
        case ast.FormattedValue(value=value):
            yield from pieces(value)
        case ast.BinOp(left=left, right=right):
            yield from pieces(left)
            yield from pieces(right)
        case ast.IfExp(body=body, orelse=orelse):
            yield from pieces(body)
            yield from pieces(orelse)
        case ast.BoolOp(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
            for value in values:
                yield from pieces(value)
        case _:
            yield node


def texts(call: ast.Call) -> Iterator[ast.expr]:
    first = call.args[:1] if not (isinstance(call.func, ast.Attribute) and call.func.attr == "image") else []
    for text in [*first, *(keyword.value for keyword in call.keywords if keyword.arg in NAMED)]:
        yield from pieces(text)


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            on = getattr(getattr(node.func, "value", None), "id", "")
            if (
                name in TAKES_MARKDOWN
                and on != "log"
                and not (name == "markdown" and isinstance(node.func, ast.Name))
            ):
                yield node


def is_safe(piece: ast.expr) -> bool:
    if isinstance(piece, ast.Constant):
        return True
    escaped = isinstance(piece, ast.Call) and isinstance(piece.func, ast.Name) and piece.func.id == "markdown"
    return escaped or ast.unparse(piece) in OURS


def sources() -> Iterator[tuple[str, ast.Call]]:
    """Every call that takes Markdown, and where it is."""
    for path in sorted([*ROOT.glob("components/**/*.py"), *ROOT.glob("pages/*.py")]):
        for call in calls(ast.parse(path.read_text("utf-8"))):
            yield f"{path.relative_to(ROOT)}:{call.lineno}", call


def test_no_component_shows_a_text_through_markdown_that_may_be_of_others() -> None:
    """What is not written in the components goes through `markdown`, or is named here as words of our own."""
    pieces_of_others = [
        f"{where} {ast.unparse(piece)}"
        for where, call in sources()
        for piece in texts(call)
        if not is_safe(piece)
    ]
    assert pieces_of_others == []


def test_no_picture_is_given_to_streamlit_by_an_address() -> None:
    """It opens a text that is no URL as a file of the server."""
    images = [(where, call) for where, call in sources() if ast.unparse(call.func).endswith(".image")]
    assert images
    assert [where for where, call in images if "url" in ast.unparse(call.args[0])] == []

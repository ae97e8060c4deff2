"""Write SVG elements; every value is escaped, numbers are rounded to a tenth of a pixel."""

from __future__ import annotations

from markupsafe import Markup, escape

from feedback_nlp.reports.plain import plain

Part = Markup | str


def tag(name: str, *children: Part, **attributes: str | float | None) -> Markup:
    """One element. `class_` becomes class, `stroke_width` stroke-width; an attribute of None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_text(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(child if isinstance(child, Markup) else escape(plain(child)) for child in children)
    return Markup(f"<{name}{written}>{inner}</{name}>")


def drawing(
    *children: Part, width: float, height: float, label: str, class_: str, stretch: bool = False
) -> Markup:
    """An image with a name for screen readers. `stretch` lets it fill its box; only for marks without text or circles."""
    return tag(
        "svg",
        *children,
        viewBox=f"0 0 {_text(width)} {_text(height)}",
        preserveAspectRatio="none" if stretch else None,
        role="img",
        aria_label=label,
        class_=class_,
        **({} if stretch else {"width": width, "height": height}),
    )


def path(points: list[tuple[float, float]], *, closed: bool = False) -> str:
    """The `d` of a polyline through `points`."""
    steps = " ".join(f"{'L' if i else 'M'}{_text(x)} {_text(y)}" for i, (x, y) in enumerate(points))
    return f"{steps} Z" if closed else steps


def _text(value: str | float) -> str:
    if isinstance(value, str):
        return str(escape(plain(value)))
    return f"{value:.1f}".removesuffix(".0")

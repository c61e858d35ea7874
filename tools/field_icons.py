"""Draw the icons of the field's program: a label with a code and a tick, as SVG and as PNG in two sizes.

python tools/field_icons.py
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[1] / "src/mingchan/interfaces/field/static/field"
SIZES = (192, 512)
INK, PAPER, GOOD = "#14505c", "#ffffff", "#e0a030"
DOTS = ((0, 0, 3), (5, 0, 3), (0, 5, 3), (4, 4, 1), (6, 5, 1), (5, 7, 1), (7, 7, 1))
"""The code on the label: column, row and width of squares, in eighths of its width."""
TICK = ((60, 70), (68, 78), (84, 60))
_WIDE = 4


def _squares() -> list[tuple[float, float, float]]:
    step = 44 / 8
    return [(24 + column * step, 24 + row * step, width * step) for column, row, width in DOTS]


def svg() -> str:
    """The icon on a field of 100 by 100; all of it lies in the middle 80 that a mask leaves."""
    squares = "".join(
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{width:g}" fill="{INK}"/>' for x, y, width in _squares()
    )
    points = " ".join(f"{x},{y}" for x, y in TICK)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" fill="{INK}"/>'
        f'<rect x="17" y="17" width="58" height="58" rx="6" fill="{PAPER}"/>{squares}'
        f'<circle cx="71" cy="70" r="19" fill="{GOOD}" stroke="{INK}" stroke-width="4"/>'
        f'<polyline points="{points}" fill="none" stroke="{PAPER}" stroke-width="6" stroke-linecap="round" '
        'stroke-linejoin="round"/></svg>\n'
    )


def png(size: int) -> Image.Image:
    """The same picture, drawn four times as large and made small for smooth edges."""
    scale = size * _WIDE / 100
    image = Image.new("RGB", (size * _WIDE, size * _WIDE), INK)
    draw = ImageDraw.Draw(image)

    def box(x: float, y: float, width: float) -> tuple[float, float, float, float]:
        return x * scale, y * scale, (x + width) * scale, (y + width) * scale

    draw.rounded_rectangle(box(17, 17, 58), radius=6 * scale, fill=PAPER)
    for x, y, width in _squares():
        draw.rectangle(box(x, y, width), fill=INK)
    draw.ellipse(box(50, 49, 42), fill=INK)
    draw.ellipse(box(54, 53, 34), fill=GOOD)
    points = [(x * scale, y * scale) for x, y in TICK]
    draw.line(points, fill=PAPER, width=round(6 * scale), joint="curve")
    for x, y in TICK:
        draw.ellipse(box(x - 3, y - 3, 6), fill=PAPER)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write all three."""
    FOLDER.joinpath("icon.svg").write_text(svg(), encoding="utf-8")
    for size in SIZES:
        png(size).save(FOLDER / f"icon-{size}.png", optimize=True)


if __name__ == "__main__":
    main()

"""The result as a picture: one bar per row, the ratio ours : theirs on a logarithmic scale."""

import math
from xml.sax.saxutils import escape

LEFT, WIDTH, RIGHT, LINE, TOP = 430, 420, 150, 20, 64
LEAST, MOST = 1 / 64, 16.0


def _x(ratio):
    share = math.log(min(max(ratio, LEAST), MOST) / LEAST) / math.log(MOST / LEAST)
    return LEFT + share * WIDTH


def _text(x, y, text, more=""):
    return '<text x="%.1f" y="%.1f" %s>%s</text>' % (x, y, more, escape(text))


def _scale(height):
    out = []
    ratio = LEAST
    while ratio <= MOST:
        x = _x(ratio)
        label = "1/%d" % round(1 / ratio) if ratio < 1 else "%d" % ratio
        strong = ' stroke-width="1.5" stroke="#444"' if ratio == 1 else ' stroke="#ddd"'
        out.append('<line x1="%.1f" x2="%.1f" y1="%d" y2="%d"%s/>' % (x, x, TOP - 6, height, strong))
        out.append(_text(x, TOP - 12, label, 'text-anchor="middle"'))
        ratio *= 2
    return out


def _row(y, row):
    """`row`: a finished row of bench.py."""
    out = [_text(LEFT - 8, y + 13, "%s: %s" % (row["title"], row["label"]), 'text-anchor="end"')]
    if row["ratio"] is None:
        return out + [_text(LEFT, y + 13, "no result")]
    color = {"pass": "#4a8f57", "MISS": "#c0504d"}.get(row["verdict"], "#7f9fbf")
    one, end = _x(1), _x(row["ratio"])
    out.append('<rect x="%.1f" y="%d" width="%.1f" height="14" fill="%s"/>' % (
        min(one, end), y + 3, max(abs(end - one), 1), color))
    if row["bar"] is not None:
        bar = _x(row["bar"])
        out.append('<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#000" stroke-width="2"/>' % (
            bar, bar, y + 1, y + 19))
    out.append(_text(LEFT + WIDTH + 8, y + 13, "%.3g  %s" % (row["ratio"], row["verdict"])))
    return out


def write(path, rows, title):
    height = TOP + LINE * len(rows) + 10
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
           'font-family="sans-serif" font-size="11">' % (LEFT + WIDTH + RIGHT, height),
           '<rect width="100%" height="100%" fill="#fff"/>',
           _text(10, 20, title, 'font-size="14" font-weight="bold"'),
           _text(10, 36, "Ratio, median of pairs. Black tick: the bar. "
                         "Cost left of 1 is better; 'per second' right of 1 is better.")]
    out += _scale(height - 8)
    for i, row in enumerate(rows):
        out += _row(TOP + LINE * i, row)
    out.append("</svg>")
    with open(path, "w") as svg:
        svg.write("\n".join(out) + "\n")

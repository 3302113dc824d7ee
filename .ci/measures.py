"""How the notebooks read: python .ci/measures.py [--check]

A row for each: cells, Markdown cells for each code cell, lines of exported cells (median, nine in ten, longest), pictures
and tables among the outputs; then the statements of each module, beside those of the first edition. With --check, ends
with status 1 if a bound is broken.
"""
import ast
import json
import os
import statistics
import sys
from pathlib import Path

from rules import ROOT, directives, exported_lengths

PROSE, PICTURES, WORDS, COLUMNS = .95, 4, 1000, 7  # least, of the numbered notebooks; most, of README.md
FIRST = dict(augment=83, cli=116, data=397, demo=181, face_nets=193, finetune=128, infer=287, kaggle=40, models=216, report=157,
             synthetic=118, tracking=37, train=371)  # statements of the first edition, under today's names


def outputs(cells, kind):
    "How many outputs of a kind, such as image/ or text/html, a notebook shows."
    hidden = [c for c in cells if c["cell_type"] == "code" and "hide" not in dict(directives("".join(c["source"])))]
    return sum(any(name.startswith(kind) for name in output.get("data", {})) for c in hidden for output in c["outputs"])


def measure(file):
    "The measures of a notebook."
    cells = json.loads(file.read_text(encoding="utf8"))["cells"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    lengths = sorted(exported_lengths(code))
    most = lengths[9*(len(lengths) - 1)//10] if lengths else 0
    return dict(notebook=file.stem, cells=len(cells), code=len(code), prose=(len(cells) - len(code))/max(1, len(code)),
                median=statistics.median_high(lengths) if lengths else 0, most=most, longest=max(lengths, default=0),
                pictures=outputs(cells, "image/"), tables=outputs(cells, "text/html"))


def statements(file):
    "The number of statements of a module, those inside of functions and classes too."
    return sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(file.read_text(encoding="utf8"))))


def show_statements():
    "A line per module: statements now and in the first edition."
    counts = {p.stem: statements(p) for p in sorted(Path("agegender").glob("[a-z]*.py"))}
    print(f"\n{'module':20}{'statements':>12}{'first edition':>15}")
    for name, n in (counts | dict(total=sum(counts.values()))).items():
        print(f"{name:20}{n:12,}{(FIRST | dict(total=sum(FIRST.values()))).get(name, ''):>15}")


def too_little(rows):
    "The chapters that show or explain too little."
    for row in rows:
        if row["pictures"] < PICTURES:
            yield f"{row['notebook']}: {row['pictures']} pictures, at least {PICTURES}"
    cells, code = sum(row["cells"] for row in rows), sum(row["code"] for row in rows)
    if cells - code < PROSE*code:
        yield f"the numbered notebooks: {(cells - code)/code:.2f} Markdown cells for each code cell, at least {PROSE}"


def too_much(page):
    "What is too long or too wide in README.md."
    words, columns = len(page.split()), max((line.count("|") - 1 for line in page.splitlines() if line.startswith("|")), default=0)
    if words > WORDS: yield f"README.md: {words:,} words, at most {WORDS:,}"
    if columns > COLUMNS: yield f"README.md: a table of {columns} columns, at most {COLUMNS}"


def main():
    os.chdir(ROOT)
    rows = [measure(file) for file in sorted(Path("nbs").glob("*.ipynb"))]
    print(f"{'notebook':20}{'cells':>7}{'prose':>7}{'median':>8}{'9 of 10':>9}{'longest':>9}{'pictures':>10}{'tables':>8}")
    for r in rows:
        print(f"{r['notebook']:20}{r['cells']:7}{r['prose']:7.2f}{r['median']:8}{r['most']:9}{r['longest']:9}{r['pictures']:10}{r['tables']:8}")
    show_statements()
    broken = [*too_little([r for r in rows if r["notebook"][0].isdigit()]), *too_much(Path("README.md").read_text(encoding="utf8"))]
    print(*broken or ["all bounds kept"], sep="\n")
    return bool(broken) and "--check" in sys.argv


if __name__ == "__main__":
    sys.exit(main())
